# frozen_string_literal: true

# A hash keeps the order of insertion: its first key is the oldest.
class LruCache
  include Enumerable

  def initialize(capacity)
    raise ArgumentError, "capacity must be positive" unless capacity.positive?

    @capacity = capacity
    @entries = {}
  end

  def [](key)
    return unless @entries.key?(key)

    @entries[key] = @entries.delete(key)
  end

  def []=(key, value)
    @entries.delete(key)
    @entries[key] = value
    @entries.shift if @entries.size > @capacity
  end

  def fetch(key)
    return self[key] if @entries.key?(key)

    self[key] = yield(key)
  end

  def each(&) = @entries.each(&)
end
