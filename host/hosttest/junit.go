package hosttest

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"time"
)

// The elements of JUnit's XML, as far as those who read it agree.
type (
	junitSuites struct {
		XMLName  xml.Name     `xml:"testsuites"`
		Name     string       `xml:"name,attr"`
		Tests    int          `xml:"tests,attr"`
		Failures int          `xml:"failures,attr"`
		Skipped  int          `xml:"skipped,attr"`
		Time     string       `xml:"time,attr"`
		Suites   []junitSuite `xml:"testsuite"`
	}
	junitSuite struct {
		Name     string      `xml:"name,attr"`
		Tests    int         `xml:"tests,attr"`
		Failures int         `xml:"failures,attr"`
		Skipped  int         `xml:"skipped,attr"`
		Time     string      `xml:"time,attr"`
		Cases    []junitCase `xml:"testcase"`
	}
	junitCase struct {
		Class   string        `xml:"classname,attr"`
		Name    string        `xml:"name,attr"`
		Time    string        `xml:"time,attr"`
		Failure *junitMessage `xml:"failure"`
		Skipped *junitMessage `xml:"skipped"`
	}
	junitMessage struct {
		Message string `xml:"message,attr"`
		Text    string `xml:",chardata"`
	}
)

// WriteJUnit writes the report as JUnit XML, a suite for each group.
func (r *Report) WriteJUnit(w io.Writer) error {
	all := junitSuites{
		Name: strings.TrimSpace(r.Name + " " + r.Version), Tests: len(r.Results),
		Failures: r.Count(Failed), Skipped: r.Count(Skipped), Time: seconds(r.Took),
	}
	for _, group := range Groups() {
		part := Report{}
		for _, result := range r.Results {
			if result.Group == group {
				part.Results, part.Took = append(part.Results, result), part.Took+result.Took
			}
		}
		if len(part.Results) > 0 {
			all.Suites = append(all.Suites, part.junitSuite(group))
		}
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	enc := xml.NewEncoder(w)
	enc.Indent("", "  ")
	if err := enc.Encode(all); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

func (r *Report) junitSuite(group string) junitSuite {
	s := junitSuite{Name: group, Tests: len(r.Results), Failures: r.Count(Failed), Skipped: r.Count(Skipped), Time: seconds(r.Took)}
	for _, result := range r.Results {
		c := junitCase{Class: group, Name: result.Name, Time: seconds(result.Took)}
		switch result.Outcome {
		case Failed:
			c.Failure = &junitMessage{Message: result.Proves, Text: result.Reason}
		case Skipped:
			c.Skipped = &junitMessage{Message: result.Reason}
		case Passed:
		}
		s.Cases = append(s.Cases, c)
	}
	return s
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.3f", d.Seconds()) }
