package main

import (
	"context"
	"encoding/json"
	"log"
	"net/http"
	"os"
	"os/signal"
	"time"
)

type check func(ctx context.Context) error

func health(checks map[string]check) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), 2*time.Second)
		defer cancel()
		report := make(map[string]string, len(checks))
		status := http.StatusOK
		for name, run := range checks {
			report[name] = "ok"
			if err := run(ctx); err != nil {
				report[name] = err.Error()
				status = http.StatusServiceUnavailable
			}
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		if err := json.NewEncoder(w).Encode(report); err != nil {
			log.Printf("health: %v", err)
		}
	}
}

func main() {
	mux := http.NewServeMux()
	mux.Handle("GET /health", health(map[string]check{
		"disk": func(context.Context) error { _, err := os.Stat("/var/data"); return err },
	}))
	server := &http.Server{Addr: ":8080", Handler: mux, ReadHeaderTimeout: 5 * time.Second}

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	go func() {
		<-ctx.Done()
		grace, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		server.Shutdown(grace)
	}()
	if err := server.ListenAndServe(); err != http.ErrServerClosed {
		log.Fatal(err)
	}
}
