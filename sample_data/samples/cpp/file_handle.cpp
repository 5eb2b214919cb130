#include <cerrno>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>

class File {
public:
    File(const std::string& path, const char* mode) : handle_(std::fopen(path.c_str(), mode))
    {
        if (!handle_) {
            throw std::system_error(errno, std::generic_category(), path);
        }
    }

    std::string read_all()
    {
        std::string text;
        char buffer[8192];
        while (const std::size_t count = std::fread(buffer, 1, sizeof buffer, handle_.get())) {
            text.append(buffer, count);
        }
        check("read");
        return text;
    }

    void write(std::string_view text)
    {
        if (std::fwrite(text.data(), 1, text.size(), handle_.get()) != text.size()) {
            check("write");
        }
    }

    /// Errors of the last flush are lost in a destructor: call this where they matter.
    void close()
    {
        if (std::fclose(handle_.release()) != 0) {
            throw std::system_error(errno, std::generic_category(), "close");
        }
    }

private:
    struct Closer {
        void operator()(std::FILE* file) const { std::fclose(file); }
    };

    void check(const char* what) const
    {
        if (std::ferror(handle_.get())) {
            throw std::system_error(errno, std::generic_category(), what);
        }
    }

    std::unique_ptr<std::FILE, Closer> handle_;
};
