package sandbox

import (
	"bytes"
	"encoding/json"
)

// reshape gives an answer the shape of forms that concern every API.
func (f Forms) reshape(a answer) answer {
	if a.body == nil || !f.ResultAbsent && f.ResultKeys == [2]string{} {
		return a
	}
	d := json.NewDecoder(bytes.NewReader(encode(a.body)))
	d.UseNumber()
	var body map[string]any
	if d.Decode(&body) != nil {
		return a
	}
	if body["result"] == true && f.ResultAbsent {
		delete(body, "result")
	}
	if data, ok := body["data"].(map[string]any); ok && f.ResultKeys != [2]string{} {
		for _, name := range []string{"success", "failure", "failures", "errors"} {
			v, has := data[name]
			if !has {
				continue
			}
			delete(data, name)
			if name == "success" {
				data[f.ResultKeys[0]] = v
			} else {
				data[f.ResultKeys[1]] = v
			}
		}
	}
	a.body = body
	return a
}
