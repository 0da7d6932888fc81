package backtest

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"accord/shared/accesslog"

	"github.com/klauspost/compress/gzip"
)

// File is a log file as a Source. Lines longer than any access log are cut off, so that they are refused.
type File struct {
	name   string
	lines  *bufio.Reader
	closes []io.Closer
}

// Open opens a log: one JSON object a line, gzipped when the name ends in .gz; "-" is the standard input.
func Open(path string) (*File, error) {
	if path == "-" {
		return &File{name: "standard input", lines: lineReader(os.Stdin)}, nil
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("couldn't open the log: %w", err)
	}
	if !strings.HasSuffix(path, ".gz") {
		return &File{name: path, lines: lineReader(f), closes: []io.Closer{f}}, nil
	}
	z, err := gzip.NewReader(bufio.NewReaderSize(f, 256<<10))
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%s: not gzip, although its name ends in .gz: %w", path, err), f.Close())
	}
	return &File{name: path, lines: lineReader(z), closes: []io.Closer{z, f}}, nil
}

func lineReader(r io.Reader) *bufio.Reader { return bufio.NewReaderSize(r, 2*accesslog.MaxLine) }

// Next implements Source. Blank lines are passed over.
func (f *File) Next() ([]byte, error) {
	for {
		line, err := f.lines.ReadSlice('\n')
		if errors.Is(err, bufio.ErrBufferFull) {
			return line, f.skip()
		}
		if line = trim(line); len(line) > 0 {
			return line, nil // an error comes again at the next call
		}
		switch {
		case errors.Is(err, io.EOF):
			return nil, io.EOF
		case err != nil:
			return nil, fmt.Errorf("%s: %w", f.name, err)
		}
	}
}

// skip passes over the rest of a line. What ReadSlice gave before stays as long as it is over-long: only
// its length matters.
func (f *File) skip() error {
	for {
		_, err := f.lines.ReadSlice('\n')
		if !errors.Is(err, bufio.ErrBufferFull) {
			return nil // an error comes again at the next call
		}
	}
}

func trim(line []byte) []byte {
	for len(line) > 0 && (line[len(line)-1] == '\n' || line[len(line)-1] == '\r') {
		line = line[:len(line)-1]
	}
	return line
}

// Close closes the file.
func (f *File) Close() error {
	var errs []error
	for _, c := range f.closes {
		errs = append(errs, c.Close())
	}
	return errors.Join(errs...)
}
