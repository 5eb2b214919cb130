package pipeline

import (
	"context"
	"errors"
	"sync"
)

// Map runs fn over everything from in with a number of workers.
// The first error stops the others and is returned by wait.
func Map[A, B any](ctx context.Context, in <-chan A, workers int, fn func(context.Context, A) (B, error)) (<-chan B, func() error) {
	ctx, cancel := context.WithCancelCause(ctx)
	out := make(chan B)
	var group sync.WaitGroup
	for range workers {
		group.Add(1)
		go func() {
			defer group.Done()
			for {
				select {
				case <-ctx.Done():
					return
				case a, open := <-in:
					if !open {
						return
					}
					b, err := fn(ctx, a)
					if err != nil {
						cancel(err)
						return
					}
					select {
					case out <- b:
					case <-ctx.Done():
						return
					}
				}
			}
		}()
	}
	done := make(chan struct{})
	go func() {
		group.Wait()
		close(out)
		close(done)
	}()
	wait := func() error {
		<-done
		err := context.Cause(ctx)
		cancel(nil)
		if errors.Is(err, context.Canceled) {
			return ctx.Err()
		}
		return err
	}
	return out, wait
}
