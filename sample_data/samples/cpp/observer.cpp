#include <algorithm>
#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

template <typename... Args>
class Signal {
public:
    using Slot = std::function<void(Args...)>;

    class Connection {
    public:
        Connection() = default;
        Connection(Signal* signal, std::uint64_t id) : signal_(signal), id_(id) {}
        Connection(Connection&& other) noexcept
            : signal_(std::exchange(other.signal_, nullptr)), id_(other.id_) {}
        Connection& operator=(Connection&& other) noexcept
        {
            std::swap(signal_, other.signal_);
            std::swap(id_, other.id_);
            return *this;
        }
        ~Connection() { disconnect(); }

        void disconnect()
        {
            if (signal_ != nullptr) {
                std::exchange(signal_, nullptr)->remove(id_);
            }
        }

    private:
        Signal* signal_ = nullptr;
        std::uint64_t id_ = 0;
    };

    [[nodiscard]] Connection connect(Slot slot)
    {
        slots_.emplace_back(++last_, std::move(slot));
        return Connection(this, last_);
    }

    void emit(Args... args) const
    {
        const auto slots = slots_; // a slot may disconnect itself
        for (const auto& [id, slot] : slots) {
            slot(args...);
        }
    }

private:
    void remove(std::uint64_t id)
    {
        std::erase_if(slots_, [id](const auto& entry) { return entry.first == id; });
    }

    std::vector<std::pair<std::uint64_t, Slot>> slots_;
    std::uint64_t last_ = 0;
};
