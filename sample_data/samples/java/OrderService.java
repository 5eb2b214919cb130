package com.example.shop;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

public final class OrderService {

    public record Line(String sku, int quantity, BigDecimal price) {
        public Line {
            Objects.requireNonNull(sku, "sku");
            if (quantity < 1) {
                throw new IllegalArgumentException("quantity must be positive: " + quantity);
            }
        }

        BigDecimal total() {
            return price.multiply(BigDecimal.valueOf(quantity));
        }
    }

    public record Order(UUID id, String customer, List<Line> lines, BigDecimal total, Instant placedAt) {}

    public interface OrderRepository {
        void save(Order order);
    }

    private static final BigDecimal FREE_SHIPPING_FROM = new BigDecimal("50.00");
    private static final BigDecimal SHIPPING = new BigDecimal("4.90");

    private final OrderRepository repository;
    private final Clock clock;

    public OrderService(OrderRepository repository, Clock clock) {
        this.repository = repository;
        this.clock = clock;
    }

    public Order place(String customer, List<Line> lines) {
        if (lines.isEmpty()) {
            throw new IllegalArgumentException("an order needs at least one line");
        }
        BigDecimal goods = lines.stream().map(Line::total).reduce(BigDecimal.ZERO, BigDecimal::add);
        BigDecimal total = goods.compareTo(FREE_SHIPPING_FROM) >= 0 ? goods : goods.add(SHIPPING);
        Order order = new Order(
                UUID.randomUUID(), customer, List.copyOf(lines), total.setScale(2, RoundingMode.HALF_EVEN), clock.instant());
        repository.save(order);
        return order;
    }
}
