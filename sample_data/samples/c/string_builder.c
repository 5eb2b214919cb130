#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct builder {
    char *text;
    size_t length;
    size_t capacity;
};

static bool reserve(struct builder *b, size_t extra)
{
    size_t needed = b->length + extra + 1;
    if (needed <= b->capacity)
        return true;
    size_t capacity = b->capacity ? b->capacity : 32;
    while (capacity < needed)
        capacity *= 2;
    char *text = realloc(b->text, capacity);
    if (!text)
        return false;
    b->text = text;
    b->capacity = capacity;
    return true;
}

bool builder_append(struct builder *b, const char *text)
{
    size_t n = strlen(text);
    if (!reserve(b, n))
        return false;
    memcpy(b->text + b->length, text, n + 1);
    b->length += n;
    return true;
}

bool builder_printf(struct builder *b, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, format, args);
    va_end(args);
    bool ok = n >= 0 && reserve(b, (size_t)n);
    if (ok) {
        vsnprintf(b->text + b->length, (size_t)n + 1, format, again);
        b->length += (size_t)n;
    }
    va_end(again);
    return ok;
}

char *builder_take(struct builder *b)
{
    char *text = b->text;
    *b = (struct builder){0};
    return text;
}
