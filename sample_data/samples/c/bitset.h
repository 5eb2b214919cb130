#ifndef BITSET_H
#define BITSET_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>

#define BITSET_WORD_BITS (sizeof(unsigned long) * CHAR_BIT)

typedef struct {
    size_t size;
    unsigned long words[];
} bitset;

static inline bitset *bitset_new(size_t size)
{
    size_t words = (size + BITSET_WORD_BITS - 1) / BITSET_WORD_BITS;
    bitset *set = calloc(1, sizeof *set + words * sizeof set->words[0]);
    if (set)
        set->size = size;
    return set;
}

static inline void bitset_add(bitset *set, size_t place)
{
    set->words[place / BITSET_WORD_BITS] |= 1ul << place % BITSET_WORD_BITS;
}

static inline void bitset_remove(bitset *set, size_t place)
{
    set->words[place / BITSET_WORD_BITS] &= ~(1ul << place % BITSET_WORD_BITS);
}

static inline bool bitset_has(const bitset *set, size_t place)
{
    return place < set->size && set->words[place / BITSET_WORD_BITS] >> place % BITSET_WORD_BITS & 1;
}

#endif
