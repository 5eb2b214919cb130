package main

import (
	"errors"
	"strings"
	"testing"
	"testing/iotest"
)

func TestCount(t *testing.T) {
	tests := map[string]struct {
		text string
		want counts
	}{
		"empty":            {"", counts{}},
		"one word":         {"hello", counts{0, 1, 5}},
		"two lines":        {"a b\nc\n", counts{2, 3, 6}},
		"only spaces":      {" \t \n", counts{1, 0, 4}},
		"more than a byte": {"häuser über", counts{0, 2, 11}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := count(strings.NewReader(test.text))
			if err != nil {
				t.Fatal(err)
			}
			if got != test.want {
				t.Errorf("count(%q) = %v, want %v", test.text, got, test.want)
			}
		})
	}
}

func TestCountReportsErrors(t *testing.T) {
	broken := errors.New("disk on fire")
	if _, err := count(iotest.ErrReader(broken)); !errors.Is(err, broken) {
		t.Errorf("got %v, want %v", err, broken)
	}
}
