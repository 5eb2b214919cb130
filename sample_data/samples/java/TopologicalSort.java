import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;

public final class TopologicalSort {

    private TopologicalSort() {}

    /** Orders the keys so that everything comes after what it depends on. */
    public static <T> List<T> sort(Map<T, ? extends Collection<T>> dependencies) {
        Map<T, Integer> open = new LinkedHashMap<>();
        Map<T, List<T>> dependents = new HashMap<>();
        dependencies.forEach((node, needs) -> {
            open.merge(node, needs.size(), Integer::sum);
            for (T need : needs) {
                open.putIfAbsent(need, 0);
                dependents.computeIfAbsent(need, key -> new ArrayList<>()).add(node);
            }
        });
        Queue<T> ready = new ArrayDeque<>();
        open.forEach((node, count) -> {
            if (count == 0) {
                ready.add(node);
            }
        });
        List<T> sorted = new ArrayList<>();
        while (!ready.isEmpty()) {
            T node = ready.remove();
            sorted.add(node);
            for (T dependent : dependents.getOrDefault(node, List.of())) {
                if (open.merge(dependent, -1, Integer::sum) == 0) {
                    ready.add(dependent);
                }
            }
        }
        if (sorted.size() < open.size()) {
            throw new IllegalArgumentException("the dependencies form a cycle");
        }
        return sorted;
    }
}
