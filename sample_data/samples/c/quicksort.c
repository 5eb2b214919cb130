#include <assert.h>
#include <stddef.h>

static void swap(int *a, int *b)
{
    int t = *a;
    *a = *b;
    *b = t;
}

static int median(int a, int b, int c)
{
    if (a > b)
        swap(&a, &b);
    return c < a ? a : c > b ? b : c;
}

void quicksort(int *v, size_t n)
{
    while (n > 16) {
        int pivot = median(v[0], v[n / 2], v[n - 1]);
        size_t lt = 0, i = 0, gt = n;
        while (i < gt) {
            if (v[i] < pivot)
                swap(&v[lt++], &v[i++]);
            else if (v[i] > pivot)
                swap(&v[i], &v[--gt]);
            else
                i++;
        }
        /* recurse into the smaller part, loop over the larger one */
        if (lt < n - gt) {
            quicksort(v, lt);
            v += gt;
            n -= gt;
        } else {
            quicksort(v + gt, n - gt);
            n = lt;
        }
    }
    for (size_t i = 1; i < n; i++)
        for (size_t j = i; j > 0 && v[j - 1] > v[j]; j--)
            swap(&v[j - 1], &v[j]);
}

int main(void)
{
    int v[200];
    unsigned seed = 1;
    for (size_t i = 0; i < 200; i++) {
        seed = seed * 1103515245u + 12345u;
        v[i] = (int)(seed >> 16 & 63);
    }
    quicksort(v, 200);
    for (size_t i = 1; i < 200; i++)
        assert(v[i - 1] <= v[i]);
    return 0;
}
