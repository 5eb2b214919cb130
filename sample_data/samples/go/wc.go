package main

import (
	"bufio"
	"flag"
	"fmt"
	"io"
	"os"
	"unicode"
)

type counts struct{ lines, words, runes int }

func count(r io.Reader) (counts, error) {
	var c counts
	inWord := false
	reader := bufio.NewReader(r)
	for {
		ch, _, err := reader.ReadRune()
		if err == io.EOF {
			return c, nil
		}
		if err != nil {
			return c, err
		}
		c.runes++
		if ch == '\n' {
			c.lines++
		}
		if unicode.IsSpace(ch) {
			inWord = false
		} else if !inWord {
			inWord = true
			c.words++
		}
	}
}

func main() {
	flag.Parse()
	failed := false
	for _, name := range flag.Args() {
		file, err := os.Open(name)
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			failed = true
			continue
		}
		c, err := count(file)
		file.Close()
		if err != nil {
			fmt.Fprintf(os.Stderr, "%s: %v\n", name, err)
			failed = true
			continue
		}
		fmt.Printf("%8d %8d %8d %s\n", c.lines, c.words, c.runes, name)
	}
	if failed {
		os.Exit(1)
	}
}
