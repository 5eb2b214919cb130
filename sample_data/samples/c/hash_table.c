#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct slot {
    char *key;
    int value;
};

struct table {
    struct slot *slots;
    size_t capacity; /* a power of two */
    size_t count;
};

static uint64_t hash(const char *key)
{
    uint64_t h = 14695981039346656037u;
    for (; *key; key++)
        h = (h ^ (unsigned char)*key) * 1099511628211u;
    return h;
}

static struct slot *probe(struct slot *slots, size_t capacity, const char *key)
{
    size_t place = hash(key) & (capacity - 1);
    while (slots[place].key && strcmp(slots[place].key, key) != 0)
        place = (place + 1) & (capacity - 1);
    return &slots[place];
}

static bool grow(struct table *table)
{
    size_t capacity = table->capacity ? table->capacity * 2 : 16;
    struct slot *slots = calloc(capacity, sizeof *slots);
    if (!slots)
        return false;
    for (size_t i = 0; i < table->capacity; i++)
        if (table->slots[i].key)
            *probe(slots, capacity, table->slots[i].key) = table->slots[i];
    free(table->slots);
    table->slots = slots;
    table->capacity = capacity;
    return true;
}

bool table_put(struct table *table, const char *key, int value)
{
    if ((table->count + 1) * 4 > table->capacity * 3 && !grow(table))
        return false;
    struct slot *slot = probe(table->slots, table->capacity, key);
    if (!slot->key) {
        size_t size = strlen(key) + 1;
        slot->key = malloc(size);
        if (!slot->key)
            return false;
        memcpy(slot->key, key, size);
        table->count++;
    }
    slot->value = value;
    return true;
}

const int *table_get(const struct table *table, const char *key)
{
    if (!table->capacity)
        return NULL;
    const struct slot *slot = probe(table->slots, table->capacity, key);
    return slot->key ? &slot->value : NULL;
}
