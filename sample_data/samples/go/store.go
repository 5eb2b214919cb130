package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

var ErrNotFound = errors.New("store: not found")

type User struct {
	ID      int64
	Email   string
	Created time.Time
}

type Store struct{ db *sql.DB }

func New(db *sql.DB) *Store { return &Store{db: db} }

func (s *Store) User(ctx context.Context, id int64) (User, error) {
	var u User
	err := s.db.QueryRowContext(ctx, `select id, email, created from users where id = $1`, id).
		Scan(&u.ID, &u.Email, &u.Created)
	if errors.Is(err, sql.ErrNoRows) {
		return User{}, fmt.Errorf("user %d: %w", id, ErrNotFound)
	}
	return u, err
}

func (s *Store) Rename(ctx context.Context, id int64, email string) (err error) {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, tx.Rollback())
		}
	}()
	result, err := tx.ExecContext(ctx, `update users set email = $1 where id = $2`, email, id)
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil {
		return err
	} else if n == 0 {
		return fmt.Errorf("user %d: %w", id, ErrNotFound)
	}
	if _, err = tx.ExecContext(ctx, `insert into audit (user_id, what) values ($1, 'rename')`, id); err != nil {
		return err
	}
	return tx.Commit()
}
