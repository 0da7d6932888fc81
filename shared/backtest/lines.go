package backtest

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"accord/shared/accesslog"

	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/gzip"
)

// File is a log file as a Source. Lines longer than any access log are cut off, so that they are refused.
type File struct {
	name   string
	lines  *bufio.Reader
	closes []io.Closer
	line   int64 // that was given last, blank ones counted
	read   int64 // lines that are not blank
	broken string
}

// Open opens a log: one JSON object a line, gzipped or not, whatever its name says; "-" is the standard input.
func Open(path string) (*File, error) {
	if path == "-" {
		return newFile("standard input", os.Stdin)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("couldn't open the log: %w", err)
	}
	log, err := newFile(path, f)
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return log, nil
}

func newFile(name string, f *os.File) (*File, error) {
	in := bufio.NewReaderSize(f, 256<<10)
	if magic, _ := in.Peek(2); string(magic) != "\x1f\x8b" {
		return &File{name: name, lines: lineReader(in), closes: []io.Closer{f}}, nil
	}
	z, err := gzip.NewReader(in)
	if err != nil {
		return nil, fmt.Errorf("%s: the gzip at its start is damaged: %w", name, err)
	}
	return &File{name: name, lines: lineReader(z), closes: []io.Closer{z, f}}, nil
}

// Note says what is to be known of a file that was read: that it was empty, or where it broke off.
func (f *File) Note() string {
	switch {
	case f.broken != "":
		return fmt.Sprintf("%s: breaks off after %d lines (%s): what comes before was judged", f.name, f.read, f.broken)
	case f.read == 0:
		return f.name + ": is empty"
	}
	return ""
}

// Place is the file and the line that Next gave last, as file:line.
func (f *File) Place() string { return fmt.Sprintf("%s:%d", f.name, f.line) }

// Expand replaces each folder among paths by the logs in it, rising by name: files whose names end in .jsonl, .json,
// .log, .txt or .gz. Of what else a folder holds, and is passed over, notes tell. Folders inside it are not entered.
func Expand(paths ...string) (all, notes []string, err error) {
	for i, path := range paths {
		if path == "-" && slices.Contains(paths[:i], path) {
			return nil, nil, errors.New("-: the standard input can be read once")
		}
		info, err := os.Stat(path)
		if path == "-" || err != nil || !info.IsDir() {
			all = append(all, path) // what is not there is told of when it is opened
			continue
		}
		logs, others, err := logsIn(path)
		if err != nil {
			return nil, nil, err
		}
		all = append(all, logs...)
		if others > 0 {
			notes = append(notes, fmt.Sprintf("%s: what else is in the folder (%d) was passed over: the names of logs end in .jsonl, .json, .log, .txt or .gz", path, others))
		}
	}
	return all, notes, nil
}

// logsIn lists the logs in a folder, and counts what else is in it.
func logsIn(path string) (logs []string, others int, err error) {
	entries, err := os.ReadDir(path)
	if err != nil {
		return nil, 0, err
	}
	for _, e := range entries {
		if e.IsDir() || !slices.Contains([]string{".jsonl", ".json", ".log", ".txt", ".gz"}, filepath.Ext(e.Name())) {
			others++
			continue
		}
		logs = append(logs, filepath.Join(path, e.Name()))
	}
	if len(logs) == 0 {
		err = fmt.Errorf("%s: the folder holds no log: files are to end in .jsonl, .json, .log, .txt or .gz", path)
	}
	return logs, others, err
}

func lineReader(r io.Reader) *bufio.Reader { return bufio.NewReaderSize(r, 2*accesslog.MaxLine) }

// Next implements Source. Blank lines are passed over.
func (f *File) Next() ([]byte, error) {
	for {
		line, err := f.lines.ReadSlice('\n')
		f.line++
		if errors.Is(err, bufio.ErrBufferFull) {
			f.read++
			return line, f.skip()
		}
		if f.damaged(err) {
			return nil, io.EOF // the piece of a line before it is none
		}
		if line = trim(line); len(line) > 0 {
			f.read++
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

// damaged says whether err means that the rest of a gzip file cannot be had.
func (f *File) damaged(err error) bool {
	var corrupt flate.CorruptInputError
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, gzip.ErrChecksum) || errors.Is(err, gzip.ErrHeader) || errors.As(err, &corrupt) {
		f.broken = err.Error()
		return true
	}
	return f.broken != ""
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
