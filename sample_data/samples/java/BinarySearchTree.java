import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.NoSuchElementException;

public class BinarySearchTree<T extends Comparable<T>> implements Iterable<T> {

    private static class Node<T> {
        final T value;
        Node<T> left;
        Node<T> right;

        Node(T value) {
            this.value = value;
        }
    }

    private Node<T> root;
    private int size;

    public boolean add(T value) {
        if (root == null) {
            root = new Node<>(value);
            size++;
            return true;
        }
        Node<T> node = root;
        while (true) {
            int order = value.compareTo(node.value);
            if (order == 0) {
                return false;
            }
            Node<T> next = order < 0 ? node.left : node.right;
            if (next == null) {
                if (order < 0) {
                    node.left = new Node<>(value);
                } else {
                    node.right = new Node<>(value);
                }
                size++;
                return true;
            }
            node = next;
        }
    }

    public int size() {
        return size;
    }

    @Override
    public Iterator<T> iterator() {
        Deque<Node<T>> path = new ArrayDeque<>();
        pushLeft(path, root);
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return !path.isEmpty();
            }

            @Override
            public T next() {
                if (path.isEmpty()) {
                    throw new NoSuchElementException();
                }
                Node<T> node = path.pop();
                pushLeft(path, node.right);
                return node.value;
            }
        };
    }

    private static <T> void pushLeft(Deque<Node<T>> path, Node<T> node) {
        for (; node != null; node = node.left) {
            path.push(node);
        }
    }
}
