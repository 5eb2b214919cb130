import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.LongSupplier;

/** Loads each value once, even when many threads ask for it at the same time. */
public final class ExpiringCache<K, V> {

    private record Entry<V>(CompletableFuture<V> future, long expires) {}

    private final ConcurrentHashMap<K, Entry<V>> entries = new ConcurrentHashMap<>();
    private final Function<? super K, ? extends V> loader;
    private final long lifetime;
    private final LongSupplier clock;

    public ExpiringCache(Function<? super K, ? extends V> loader, Duration lifetime, LongSupplier clock) {
        this.loader = loader;
        this.lifetime = lifetime.toNanos();
        this.clock = clock;
    }

    public V get(K key) {
        long now = clock.getAsLong();
        Entry<V> fresh = new Entry<>(new CompletableFuture<>(), now + lifetime);
        Entry<V> entry = entries.compute(key, (k, old) -> old == null || old.expires() - now <= 0 ? fresh : old);
        if (entry == fresh) {
            try {
                fresh.future().complete(loader.apply(key));
            } catch (RuntimeException error) {
                entries.remove(key, fresh);
                fresh.future().completeExceptionally(error);
            }
        }
        try {
            return entry.future().join();
        } catch (CompletionException error) {
            throw error.getCause() instanceof RuntimeException cause ? cause : error;
        }
    }

    public void invalidate(K key) {
        entries.remove(key);
    }
}
