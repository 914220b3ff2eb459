// What Ollama does with a template, with Go's own engine: standard input is JSON with the template and its values.
package main

import (
	"encoding/json"
	"os"
	"text/template"
)

type object map[string]any

func (o object) String() string { return asJSON(map[string]any(o)) }

func asJSON(value any) string {
	text, _ := json.Marshal(value)
	return string(text)
}

type call struct {
	Function struct {
		Name      string
		Arguments object
	}
}

type message struct {
	Role, Content string
	ToolCalls     []call
}

type tool struct {
	Function struct {
		Name, Description string
		Parameters        object
	}
}

func main() {
	var values struct {
		Template, System, Prompt, Suffix string
		Messages                         []*message
		Tools                            []tool
	}
	if err := json.NewDecoder(os.Stdin).Decode(&values); err != nil {
		panic(err)
	}
	functions := template.FuncMap{"json": asJSON}
	parsed := template.Must(template.New("").Funcs(functions).Parse(values.Template))
	if err := parsed.Execute(os.Stdout, values); err != nil {
		panic(err)
	}
}
