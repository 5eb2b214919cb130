#include <map>
#include <sstream>
#include <string>
#include <utility>
#include <variant>
#include <vector>

struct Json;
using Array = std::vector<Json>;
using Object = std::map<std::string, Json>;

struct Json {
    std::variant<std::nullptr_t, bool, double, std::string, Array, Object> value = nullptr;
};

namespace {

template <class... Ts>
struct overloaded : Ts... {
    using Ts::operator()...;
};

void write_string(std::ostream& out, const std::string& text)
{
    static const char* digits = "0123456789abcdef";
    out << '"';
    for (unsigned char c : text) {
        if (c == '"' || c == '\\') {
            out << '\\' << c;
        } else if (c < 0x20) {
            out << "\\u00" << digits[c >> 4] << digits[c & 15];
        } else {
            out << c;
        }
    }
    out << '"';
}

void write(std::ostream& out, const Json& json)
{
    std::visit(overloaded{
                   [&](std::nullptr_t) { out << "null"; },
                   [&](bool flag) { out << (flag ? "true" : "false"); },
                   [&](double number) { out << number; },
                   [&](const std::string& text) { write_string(out, text); },
                   [&](const Array& array) {
                       const char* separator = "[";
                       for (const Json& element : array) {
                           out << std::exchange(separator, ",");
                           write(out, element);
                       }
                       out << (array.empty() ? "[]" : "]");
                   },
                   [&](const Object& object) {
                       const char* separator = "{";
                       for (const auto& [key, element] : object) {
                           out << std::exchange(separator, ",");
                           write_string(out, key);
                           out << ':';
                           write(out, element);
                       }
                       out << (object.empty() ? "{}" : "}");
                   },
               },
               json.value);
}

} // namespace

std::string dump(const Json& json)
{
    std::ostringstream out;
    write(out, json);
    return out.str();
}
