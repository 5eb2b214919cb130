#include <stddef.h>
#include <stdint.h>

#define INVALID 0xFFFD

/* Decodes one character; returns the number of bytes used, at least 1. */
size_t utf8_decode(const unsigned char *s, size_t n, uint32_t *out)
{
    static const uint32_t lowest[] = {0, 0, 0x80, 0x800, 0x10000};
    size_t length;
    uint32_t c;

    *out = INVALID;
    if (n == 0)
        return 1;
    if (s[0] < 0x80) {
        *out = s[0];
        return 1;
    }
    if (s[0] >= 0xF0 && s[0] < 0xF5) {
        length = 4;
        c = s[0] & 0x07;
    } else if (s[0] >= 0xE0 && s[0] < 0xF0) {
        length = 3;
        c = s[0] & 0x0F;
    } else if (s[0] >= 0xC2 && s[0] < 0xE0) {
        length = 2;
        c = s[0] & 0x1F;
    } else {
        return 1;
    }
    for (size_t i = 1; i < length; i++) {
        if (i >= n || (s[i] & 0xC0) != 0x80)
            return i;
        c = c << 6 | (s[i] & 0x3F);
    }
    if (c >= lowest[length] && c <= 0x10FFFF && (c < 0xD800 || c > 0xDFFF))
        *out = c;
    return length;
}
