package doctype_test

import (
	"bytes"
	"encoding/json"
	"strconv"
	"testing"
	"time"

	"github.com/gainsight-connector/gainsight-connector/doctype"
)

// column is the column of a field of some type, with the options of the
// encoder's tests.
func column(dataType string) doctype.Column { return columnAt(dataType, nil) }

// columnAt is [column] with times that are read in some way.
func columnAt(dataType string, times *doctype.Times) doctype.Column {
	return doctype.NewColumn(doctype.Field{Name: "X", DataType: dataType, Times: times, Options: []doctype.Option{
		{Value: "1I01", Label: "New", Active: true},
		{Value: "1I02", Label: "R&D", Active: true},
		{Value: "1I03", Label: "Twin", Active: true},
		{Value: "1I04", Label: "twin", Active: true},
		{Value: "1I05", Label: "Frozen"},
		{Value: "Open", Label: "Opened", Active: true},
		{Value: "1I06", Label: "Open", Active: true},
	}})
}

func TestColumnAppend(t *testing.T) {
	t.Parallel()
	const multi = "MULTISELECTDROPDOWNLIST"
	tests := map[string]struct {
		dataType, value, want string
		misfit                bool
	}{
		"day":                      {dataType: "DATE", value: `"2020-04-22"`, want: `"2020-04-22"`},
		"day in milliseconds":      {dataType: "DATE", value: `1707091200000`, want: `"2024-02-05"`},
		"day with a time":          {dataType: "DATE", value: `"2020-04-14T11:30:00Z"`, want: `"2020-04-14"`},
		"day with an offset":       {dataType: "DATE", value: `"2020-04-14T23:30:00.000-07:00"`, want: `"2020-04-14"`},
		"leap day":                 {dataType: "DATE", value: `"2024-02-29"`, want: `"2024-02-29"`},
		"no leap day":              {dataType: "DATE", value: `"2023-02-29"`, want: `"2023-02-29"`, misfit: true},
		"empty day":                {dataType: "DATE", value: `""`, want: `null`},
		"null day":                 {dataType: "DATE", value: `null`, want: `null`},
		"no day":                   {dataType: "DATE", value: `"soon \u00e9"`, want: `"soon é"`, misfit: true},
		"day without hyphens":      {dataType: "DATE", value: `"20200414"`, want: `"20200414"`, misfit: true},
		"year for a day":           {dataType: "DATE", value: `2020`, want: `2020`, misfit: true},
		"list for a day":           {dataType: "DATE", value: `["2020-04-22"]`, want: `["2020-04-22"]`, misfit: true},
		"ISO":                      {dataType: "DATETIME", value: `"2020-04-17T22:00:00Z"`, want: `"2020-04-17T22:00:00.000Z"`},
		"ISO with milliseconds":    {dataType: "DATETIME", value: `"2024-02-05T08:34:35.253Z"`, want: `"2024-02-05T08:34:35.253Z"`},
		"ISO with more digits":     {dataType: "DATETIME", value: `"2024-02-05T08:34:35.253999Z"`, want: `"2024-02-05T08:34:35.253Z"`},
		"ISO with an offset":       {dataType: "DATETIME", value: `"2022-07-01T06:36:00.000-07:00"`, want: `"2022-07-01T13:36:00.000Z"`},
		"an offset without colon":  {dataType: "DATETIME", value: `"2022-07-01T06:36:00.000+0530"`, want: `"2022-07-01T01:06:00.000Z"`},
		"an offset of hours":       {dataType: "DATETIME", value: `"2022-07-01T06:36:00+02"`, want: `"2022-07-01T04:36:00.000Z"`},
		"space form":               {dataType: "DATETIME", value: `"2020-04-17 22:00:00.0"`, want: `"2020-04-17T22:00:00.000Z"`},
		"without seconds":          {dataType: "DATETIME", value: `"2020-04-17T22:00"`, want: `"2020-04-17T22:00:00.000Z"`},
		"time without time":        {dataType: "DATETIME", value: `"2020-04-17"`, want: `"2020-04-17T00:00:00.000Z"`},
		"time in milliseconds":     {dataType: "TIMESTAMP", value: `1587160800001`, want: `"2020-04-17T22:00:00.001Z"`},
		"before 1970":              {dataType: "DATETIME", value: `-86400000`, want: `"1969-12-31T00:00:00.000Z"`},
		"milliseconds as text":     {dataType: "DATETIME", value: `"1587160800001"`, want: `"2020-04-17T22:00:00.001Z"`},
		"milliseconds with E":      {dataType: "DATETIME", value: `1.5871608E12`, want: `"2020-04-17T22:00:00.000Z"`},
		"parts of milliseconds":    {dataType: "DATETIME", value: `1587160800000.5`, want: `1587160800000.5`, misfit: true},
		"a far future":             {dataType: "DATETIME", value: `9253402300800000`, want: `9253402300800000`, misfit: true},
		"hour 24":                  {dataType: "DATETIME", value: `"2020-04-17T24:00:00Z"`, want: `"2020-04-17T24:00:00Z"`, misfit: true},
		"something behind":         {dataType: "DATETIME", value: `"2020-04-17T22:00:00Z!"`, want: `"2020-04-17T22:00:00Z!"`, misfit: true},
		"true":                     {dataType: "BOOLEAN", value: `true`, want: `true`},
		"true as text":             {dataType: "BOOLEAN", value: `"True"`, want: `true`},
		"false as text":            {dataType: "JSONBOOLEAN", value: `"false"`, want: `false`},
		"one":                      {dataType: "BOOLEAN", value: `1`, want: `true`},
		"zero as text":             {dataType: "BOOLEAN", value: `"0"`, want: `false`},
		"empty boolean":            {dataType: "BOOLEAN", value: `""`, want: `null`},
		"two":                      {dataType: "BOOLEAN", value: `2`, want: `2`, misfit: true},
		"yes":                      {dataType: "BOOLEAN", value: `"yes"`, want: `"yes"`, misfit: true},
		"a large integer":          {dataType: "NUMBER", value: `9007199254740993`, want: `9007199254740993`},
		"a decimal":                {dataType: "CURRENCY", value: `10.10`, want: `10.10`},
		"an exponent":              {dataType: "DOUBLE", value: `1.50E+2`, want: `1.50E+2`},
		"a number as text":         {dataType: "LONG", value: `"9007199254740993"`, want: `9007199254740993`},
		"a number with commas":     {dataType: "NUMBER", value: `"1,000"`, want: `"1,000"`, misfit: true},
		"a number with zeros":      {dataType: "NUMBER", value: `"007"`, want: `"007"`, misfit: true},
		"a number with space":      {dataType: "NUMBER", value: `" 7"`, want: `" 7"`, misfit: true},
		"no number":                {dataType: "NUMBER", value: `"null"`, want: `"null"`, misfit: true},
		"true for a number":        {dataType: "NUMBER", value: `true`, want: `true`, misfit: true},
		"an option":                {dataType: "PICKLIST", value: `"1I01"`, want: `"New"`},
		"an option with an &":      {dataType: "PICKLIST", value: `"1I02"`, want: `"R&D"`},
		"an inactive one":          {dataType: "PICKLIST", value: `"1I05"`, want: `"Frozen"`},
		"a label of two":           {dataType: "PICKLIST", value: `"1I03"`, want: `"1I03"`},
		"a label that is a value":  {dataType: "PICKLIST", value: `"1I06"`, want: `"1I06"`},
		"a value like a label":     {dataType: "PICKLIST", value: `"Open"`, want: `"Opened"`},
		"an option not known":      {dataType: "PICKLIST", value: `"1I99"`, want: `"1I99"`},
		"a label":                  {dataType: "PICKLIST", value: `"New"`, want: `"New"`},
		"no option":                {dataType: "PICKLIST", value: `""`, want: `null`},
		"a number for an option":   {dataType: "PICKLIST", value: `5`, want: `5`, misfit: true},
		"joined":                   {dataType: multi, value: `"1I01;1I02"`, want: `["New","R&D"]`},
		"joined with space":        {dataType: multi, value: `"1I01; 1I99;"`, want: `["New","1I99"]`},
		"one option":               {dataType: multi, value: `"1I05"`, want: `["Frozen"]`},
		"a list":                   {dataType: multi, value: `["1I01", "1I99"]`, want: `["New","1I99"]`},
		"an empty list":            {dataType: multi, value: `[]`, want: `[]`},
		"a list of other things":   {dataType: multi, value: `["1I01",5,null]`, want: `["New",5,null]`, misfit: true},
		"none":                     {dataType: multi, value: `""`, want: `null`},
		"an object for options":    {dataType: multi, value: `{"a":1}`, want: `{"a":1}`, misfit: true},
		"text":                     {dataType: "STRING", value: `"1I01"`, want: `"1I01"`},
		"rich text":                {dataType: "RICHTEXTAREA", value: `"<p>R&amp;D \u003c</p>"`, want: `"<p>R&amp;D \u003c</p>"`},
		"empty text":               {dataType: "STRING", value: `""`, want: `""`},
		"JSON":                     {dataType: "JSON", value: `{"a": [1.0]}`, want: `{"a": [1.0]}`},
		"a type nobody knows":      {dataType: "GEOPOINT", value: `5`, want: `5`},
		"an option that is quoted": {dataType: "PICKLIST", value: `"a\"b"`, want: `"a\"b"`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, fits := column(tt.dataType).Append([]byte("head "), []byte(tt.value))
			if string(got) != "head "+tt.want || fits == tt.misfit {
				t.Errorf("%s (fits: %v), want %s (fits: %v)", got, fits, tt.want, !tt.misfit)
			}
		})
	}
}

// TestColumnTimes: what the metadata do not tell of dates is for the caller to
// say.
func TestColumnTimes(t *testing.T) {
	t.Parallel()
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	const day, month, seconds = doctype.TimesDayFirst, doctype.TimesMonthFirst, doctype.TimesSeconds
	tests := map[string]struct {
		form                  doctype.TimeForm
		dataType, value, want string
		misfit                bool
	}{
		"no offset in summer":     {"", "DATETIME", `"2020-07-17 22:00:00.0"`, `"2020-07-17T20:00:00.000Z"`, false},
		"no offset in winter":     {"", "DATETIME", `"2020-01-17T22:00:00"`, `"2020-01-17T21:00:00.000Z"`, false},
		"a day for a time":        {"", "DATETIME", `"2020-01-17"`, `"2020-01-16T23:00:00.000Z"`, false},
		"an offset":               {"", "DATETIME", `"2020-01-17T22:00:00Z"`, `"2020-01-17T22:00:00.000Z"`, false},
		"milliseconds":            {"", "DATETIME", `1587160800001`, `"2020-04-17T22:00:00.001Z"`, false},
		"a time for a day":        {"", "DATE", `"2020-01-17 00:30:00"`, `"2020-01-17"`, false},
		"milliseconds for a day":  {"", "DATE", `1707091200000`, `"2024-02-05"`, false},
		"a day first, unset":      {"", "DATE", `"22.04.2020"`, `"22.04.2020"`, true},
		"seconds":                 {seconds, "DATETIME", `1587160800`, `"2020-04-17T22:00:00.000Z"`, false},
		"seconds in text":         {seconds, "DATE", `"1587160800"`, `"2020-04-17"`, false},
		"parts of seconds":        {seconds, "TIMESTAMP", `1587160800.253`, `"2020-04-17T22:00:00.253Z"`, false},
		"seconds before 1970":     {seconds, "DATE", `-157766400`, `"1965-01-01"`, false},
		"too many for seconds":    {seconds, "DATETIME", `1587160800001`, `"2020-04-17T22:00:00.001Z"`, false},
		"too few for a date":      {seconds, "DATETIME", `2020`, `2020`, true},
		"ISO beside seconds":      {seconds, "DATE", `"2020-04-17"`, `"2020-04-17"`, false},
		"a day first":             {day, "DATE", `"5.6.2020"`, `"2020-06-05"`, false},
		"a day first, slashes":    {day, "DATETIME", `"05/06/2020 8:30"`, `"2020-06-05T06:30:00.000Z"`, false},
		"a day first, offset":     {day, "DATETIME", `"05-06-2020 08:30:00.5Z"`, `"2020-06-05T08:30:00.500Z"`, false},
		"a moment for a day":      {day, "DATE", `"05/06/2020 13:05"`, `"2020-06-05"`, false},
		"a day for a moment":      {day, "DATETIME", `"05/06/2020"`, `"2020-06-04T22:00:00.000Z"`, false},
		"a year of two digits":    {day, "DATE", `"05/06/20"`, `"05/06/20"`, true},
		"a year of no days":       {day, "DATE", `"05/06/0000"`, `"05/06/0000"`, true},
		"something behind":        {month, "DATETIME", `"05/06/2020 noon"`, `"05/06/2020 noon"`, true},
		"a month first":           {month, "DATE", `"05/06/2020"`, `"2020-05-06"`, false},
		"afternoon":               {month, "DATETIME", `"12/31/2020 5:30 PM"`, `"2020-12-31T16:30:00.000Z"`, false},
		"midnight":                {month, "DATETIME", `"12/31/2020 12:00:00 am"`, `"2020-12-30T23:00:00.000Z"`, false},
		"noon":                    {month, "DATETIME", `"12/31/2020 12:00:00 PM"`, `"2020-12-31T11:00:00.000Z"`, false},
		"ISO beside months first": {month, "DATE", `"2020-04-17"`, `"2020-04-17"`, false},
		"hour 13 PM":              {month, "DATETIME", `"12/31/2020 13:00 PM"`, `"12/31/2020 13:00 PM"`, true},
		"half of what":            {month, "DATETIME", `"12/31/2020 5:30 XM"`, `"12/31/2020 5:30 XM"`, true},
		"no 13th month":           {day, "DATE", `"12/31/2020"`, `"12/31/2020"`, true},
		"no 30 February":          {day, "DATE", `"30.02.2020"`, `"30.02.2020"`, true},
		"mixed separators":        {day, "DATE", `"05.06/2020"`, `"05.06/2020"`, true},
		"no year":                 {day, "DATE", `"05.06."`, `"05.06."`, true},
		"no separator":            {day, "DATE", `"05062020"`, `"05062020"`, true},
		"nothing behind a space":  {day, "DATETIME", `"05.06.2020 8:30 "`, `"05.06.2020 8:30 "`, true},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := doctype.Field{DataType: tt.dataType, Times: &doctype.Times{Zone: berlin, Form: tt.form}}
			got, fits := doctype.NewColumn(f).Append(nil, []byte(tt.value))
			if string(got) != tt.want || fits == tt.misfit {
				t.Errorf("%s (fits: %v), want %s (fits: %v)", got, fits, tt.want, !tt.misfit)
			}
		})
	}
}

// TestColumnAppendText has the forms that cells of an export may have.
func TestColumnAppendText(t *testing.T) {
	t.Parallel()
	tests := map[string]map[string]string{ // by type and text; "": it does not fit
		"STRING": {
			"": `""`, "plain": `"plain"`, "a\"b\u00e9<": `"a\"bé<"`,
			"tab\there": `"tab\there"`, `back\slash`: `"back\\slash"`, "\x01": `"\u0001"`,
			"Grüße 東京": `"Grüße 東京"`, "<b>&": `"<b>&"`, "bad\xffbyte": "\"bad\ufffdbyte\"", "\x7f": "\"\x7f\"", "two\r\nlines": `"two\r\nlines"`,
		},
		"NUMBER": {
			"": "null", "0": "0", "-0": "-0", "12345678901234567890": "12345678901234567890", "0.10": "0.10", "10.10": "10.10",
			"-1.5e+300": "-1.5e+300", "1E5": "1E5",
			"007": "", "+1": "", ".5": "", "5.": "", "1e": "", "1,000": "", "NaN": "", "-": "", "0x1": "", "1e5x": "", "n/a": "", "1e+": "",
		},
		"BOOLEAN": {
			"": "null", "true": "true", "FALSE": "false", "True": "true", "1": "true", "0": "false", "yes": "", "2": "", "t": "",
		},
		"DATE": {
			"": "null", "2024-02-29": `"2024-02-29"`, "2023-02-29": "", "2024-13-01": "", "2024-00-10": "", "2024-01-00": "",
			"2024-04-31":                "",
			"2024-02-29T23:00:00-05:00": `"2024-02-29"`, "2024-02-29 00:00:00.0": `"2024-02-29"`, "1709164800000": `"2024-02-29"`,
			"-86400000": `"1969-12-31"`, "29/02/2024": "", "2024-2-9": "", "20240229": "", "2024-02-29x": "", "0000-01-01": "",
		},
		"DATETIME": {
			"": "null", "2024-02-29T01:02:03Z": `"2024-02-29T01:02:03.000Z"`, "2024-02-29T01:02:03.456Z": `"2024-02-29T01:02:03.456Z"`,
			"2024-02-29T01:02:03.4Z": `"2024-02-29T01:02:03.400Z"`, "2024-02-29T01:02:03.456789Z": `"2024-02-29T01:02:03.456Z"`,
			"2024-02-29T01:02:03.000-07:00": `"2024-02-29T08:02:03.000Z"`, "2024-02-29T01:02:03+0530": `"2024-02-28T19:32:03.000Z"`,
			"2024-02-29T01:02:03": `"2024-02-29T01:02:03.000Z"`, "2024-02-29 01:02:03.5": `"2024-02-29T01:02:03.500Z"`,
			"2024-02-29": `"2024-02-29T00:00:00.000Z"`, "1709168523456": `"2024-02-29T01:02:03.456Z"`,
			"2024-02-30T01:02:03Z": "", "2024-02-29T24:02:03Z": "", "2024-02-29T01:60:03Z": "", "2024-02-29T01:02:60Z": "", "soon": "",
			"2024-02-29T01:02:03.abcZ": "", "2024-02-30T01:02:03.456Z": "", "999999999999999": "", "0000-01-01T00:00:00Z": "",
			"9999-12-31T23:00:00-05:00": "", "0001-01-01T01:00:00+05:00": "",
		},
		"MULTISELECTDROPDOWNLIST": {
			"": "null", "1I01;1I05": `["New","Frozen"]`, "a": `["a"]`, "a; b": `["a","b"]`, `["1I01","b;c"]`: `["New","b;c"]`, "[]": "[]",
			"[1]": `["[1]"]`, "[x;y": `["[x","y"]`, ";": "[]",
		},
	}
	for dataType, texts := range tests {
		t.Run(dataType, func(t *testing.T) {
			t.Parallel()
			for text, want := range texts {
				fits := want != ""
				if !fits {
					want = strconv.Quote(text)
				}
				if got, ok := column(dataType).AppendText([]byte("head "), []byte(text)); string(got) != "head "+want || ok != fits {
					t.Errorf("%q: %s (fits: %v), want %s (fits: %v)", text, got, ok, want, fits)
				}
			}
		})
	}
}

// dataTypes are those that a [doctype.Column] does something about, and one
// more.
func dataTypes() []string {
	return []string{"DATE", "DATETIME", "BOOLEAN", "NUMBER", "PICKLIST", "MULTISELECTDROPDOWNLIST", "STRING"}
}

// FuzzColumn holds that JSON stays JSON, that what is decoded stays what it is
// when it is decoded again, and that a value which does not fit is not lost.
func FuzzColumn(f *testing.F) {
	forms := []doctype.TimeForm{"", doctype.TimesSeconds, doctype.TimesDayFirst, doctype.TimesMonthFirst}
	tokyo := time.FixedZone("", 9*60*60)
	for _, value := range []string{
		`"2020-04-17T22:00:00.5+02"`, `1587160800000`, `"1I01;1I02"`, `["1I01"]`, `true`, `"a\ud800"`, `-1e5`, `null`, `{"a":1}`, `""`,
		`"05.06.2020 8:30"`, `"12/31/2020 12:00 AM"`, `1587160800`, `"0001-01-01T00:00:00+14:00"`,
	} {
		for i := range len(dataTypes()) * len(forms) {
			f.Add(uint8(i), []byte(value))
		}
	}
	f.Fuzz(func(t *testing.T, kind uint8, value []byte) {
		if value = bytes.TrimSpace(value); !json.Valid(value) {
			return
		}
		form := forms[int(kind)/len(dataTypes())%len(forms)]
		c := columnAt(dataTypes()[int(kind)%len(dataTypes())], &doctype.Times{Zone: tokyo, Form: form})
		once, fits := c.Append(nil, value)
		if !json.Valid(once) {
			t.Fatalf("%s becomes %s", value, once)
		}
		again, still := c.Append(nil, once)
		if fits && (!still || !equalJSON(t, once, again)) {
			t.Errorf("%s becomes %s, and that %s", value, once, again)
		}
		if !fits && !equalJSON(t, value, once) && value[0] != '[' {
			t.Errorf("%s does not fit and becomes %s", value, once)
		}
	})
}

// equalJSON reports whether two JSON values are the same.
func equalJSON(t *testing.T, a, b []byte) bool {
	t.Helper()
	var x, y any
	for to, from := range map[*any][]byte{&x: a, &y: b} {
		dec := json.NewDecoder(bytes.NewReader(from))
		dec.UseNumber()
		if err := dec.Decode(to); err != nil {
			t.Fatal(err)
		}
	}
	first, err := json.Marshal(x)
	if err != nil {
		t.Fatal(err)
	}
	second, err := json.Marshal(y)
	if err != nil {
		t.Fatal(err)
	}
	return bytes.Equal(first, second)
}
