#include <array>
#include <cstddef>
#include <iostream>
#include <stdexcept>

template <typename T, std::size_t Rows, std::size_t Columns>
class Matrix {
public:
    constexpr Matrix() = default;
    constexpr Matrix(std::initializer_list<T> values)
    {
        if (values.size() != Rows * Columns) {
            throw std::invalid_argument("wrong number of values");
        }
        std::size_t place = 0;
        for (const T& value : values) {
            values_[place++] = value;
        }
    }

    constexpr T& operator()(std::size_t row, std::size_t column) { return values_[row * Columns + column]; }
    constexpr const T& operator()(std::size_t row, std::size_t column) const { return values_[row * Columns + column]; }

    template <std::size_t Other>
    constexpr Matrix<T, Rows, Other> operator*(const Matrix<T, Columns, Other>& right) const
    {
        Matrix<T, Rows, Other> product;
        for (std::size_t i = 0; i < Rows; ++i) {
            for (std::size_t k = 0; k < Columns; ++k) {
                for (std::size_t j = 0; j < Other; ++j) {
                    product(i, j) += (*this)(i, k) * right(k, j);
                }
            }
        }
        return product;
    }

private:
    std::array<T, Rows * Columns> values_{};
};

int main()
{
    const Matrix<long, 2, 2> step{1, 1, 1, 0};
    Matrix<long, 2, 1> fibonacci{1, 0};
    for (int n = 1; n <= 10; ++n) {
        fibonacci = step * fibonacci;
        std::cout << fibonacci(1, 0) << '\n';
    }
}
