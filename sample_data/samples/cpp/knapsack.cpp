#include <algorithm>
#include <cstddef>
#include <iostream>
#include <vector>

struct Thing {
    int weight;
    int worth;
};

std::vector<std::size_t> pack(const std::vector<Thing>& things, int capacity)
{
    std::vector<std::vector<int>> best(things.size() + 1, std::vector<int>(capacity + 1));
    for (std::size_t i = 0; i < things.size(); ++i) {
        for (int room = 0; room <= capacity; ++room) {
            best[i + 1][room] = best[i][room];
            if (things[i].weight <= room) {
                best[i + 1][room] = std::max(best[i][room], best[i][room - things[i].weight] + things[i].worth);
            }
        }
    }
    std::vector<std::size_t> chosen;
    for (std::size_t i = things.size(); i-- > 0;) {
        if (best[i + 1][capacity] != best[i][capacity]) {
            chosen.push_back(i);
            capacity -= things[i].weight;
        }
    }
    std::ranges::reverse(chosen);
    return chosen;
}

int main()
{
    const std::vector<Thing> things{{12, 4}, {2, 2}, {1, 1}, {1, 2}, {4, 10}};
    for (const std::size_t place : pack(things, 15)) {
        std::cout << place << ' ';
    }
    std::cout << '\n';
}
