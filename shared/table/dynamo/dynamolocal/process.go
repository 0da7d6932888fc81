package dynamolocal

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// process is a running DynamoDB Local.
type process struct {
	endpoint, version string
	life              io.Closer // the pipe to its keeper; not referred to, it would be closed as garbage
}

// find returns the folder that .ci/tools filled, in the project that holds the working directory.
func find() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for ; ; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		if dir == filepath.Dir(dir) {
			return "", errors.New("DynamoDB Local is sought in the project, and no folder above this one has a go.mod")
		}
	}
	dir = filepath.Join(dir, ".tools", "dynamodb-local")
	if _, err := os.Stat(filepath.Join(dir, "version")); err != nil {
		return "", errors.New("DynamoDB Local is not there; fetch it with: .ci/tools dynamodb-local")
	}
	if _, err := exec.LookPath("java"); err != nil {
		return "", errors.New("DynamoDB Local needs java, which is not installed; see: .ci/tools dynamodb-local")
	}
	return dir, nil
}

// A shell stands between: its standard input is a pipe that closes when the test binary ends, however it
// ends, and then it stops Java and removes the native library that DynamoDB Local unpacks.
const keeper = `temp=$1; shift
java "$@" &
exec >/dev/null 2>&1
cat
kill -9 $!
rm -rf "$temp"`

// patience is how long DynamoDB Local may take to answer; usually it is a second.
const patience = time.Minute

func launch(dir string) (process, error) {
	version, err := os.ReadFile(filepath.Join(dir, "version"))
	if err != nil {
		return process{}, err
	}
	port, err := freePort()
	if err != nil {
		return process{}, err
	}
	temp, err := os.MkdirTemp("", "dynamodb-local-")
	if err != nil {
		return process{}, err
	}
	cmd := exec.Command("sh", "-c", keeper, "sh", temp, "-XX:TieredStopAtLevel=1", "-Xmx512m", "-Djava.io.tmpdir="+temp,
		"-cp", filepath.Join(dir, "lib", "*"), "software.amazon.dynamodb.services.local.main.ServerRunner",
		"-inMemory", "-sharedDb", "-disableTelemetry", "-port", port)
	life, said, err := run(cmd)
	if err != nil {
		return process{}, err
	}
	p := process{"http://127.0.0.1:" + port, strings.TrimSpace(string(version)), life}
	return p, p.await(said)
}

func freePort() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	_, port, err := net.SplitHostPort(l.Addr().String())
	return port, err
}

// run starts cmd, and sends what Java said when Java ends.
func run(cmd *exec.Cmd) (life io.Closer, said <-chan string, err error) {
	if life, err = cmd.StdinPipe(); err != nil {
		return nil, nil, err
	}
	out, in, err := os.Pipe()
	if err != nil {
		return nil, nil, err
	}
	cmd.Stdout, cmd.Stderr = in, in
	err = cmd.Start()
	in.Close()
	if err != nil {
		return nil, nil, err
	}
	ended := make(chan string, 1)
	go func() {
		var b bytes.Buffer
		_, _ = io.Copy(&b, out) // what it said until it ended
		ended <- b.String()
	}()
	return life, ended, nil
}

func (p process) await(said <-chan string) error {
	late := time.After(patience)
	for tick := time.Tick(50 * time.Millisecond); ; {
		select {
		case <-late:
			return fmt.Errorf("DynamoDB Local %s did not answer at %s within %s", p.version, p.endpoint, patience)
		case out := <-said:
			return fmt.Errorf("DynamoDB Local %s stopped:\n%s", p.version, out)
		case <-tick:
			if res, err := http.Get(p.endpoint); err == nil {
				res.Body.Close()
				return nil
			}
		}
	}
}
