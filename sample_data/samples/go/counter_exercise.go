package main

import (
	"fmt"
	"sync"
)

// Counter counts with many goroutines at once.
type Counter struct {
	lock  sync.Mutex
	value map[string]int
}

// Increment adds one to the counter with the given name.
func (c *Counter) Increment(name string) {
	c.lock.Lock()
	// Unlock when the function returns.
	defer c.lock.Unlock()
	c.value[name]++
}

func main() {
	counter := Counter{value: map[string]int{"a": 0, "b": 0}}

	var group sync.WaitGroup
	work := func(name string, n int) {
		defer group.Done()
		for i := 0; i < n; i++ {
			counter.Increment(name)
		}
	}

	group.Add(3)
	go work("a", 10000)
	go work("a", 10000)
	go work("b", 10000)
	group.Wait()

	// Prints map[a:20000 b:10000]
	fmt.Println(counter.value)
}
