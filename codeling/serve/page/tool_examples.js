/** Tools to begin with. They only exist as descriptions: what a call gives is typed by a person. */

function tool(name, description, properties, required = Object.keys(properties)) {
  return { type: "function", function: { name, description, parameters: { type: "object", properties, required } } };
}

export const TOOL_EXAMPLES = {
  "Weather": [
    tool("get_weather", "Get the current weather of a city.", {
      city: { type: "string", description: "Name of the city" },
      unit: { type: "string", enum: ["celsius", "fahrenheit"] },
    }, ["city"]),
  ],
  "Calculator": [
    tool("calculate", "Evaluate an arithmetic expression.", {
      expression: { type: "string", description: "For example 17 * 23" },
    }),
  ],
  "Run Bash": [
    tool("run_bash", "Run a Bash script and get what it prints.", {
      script: { type: "string" },
      timeout_seconds: { type: "integer", minimum: 1, maximum: 60 },
    }, ["script"]),
  ],
  "Files": [
    tool("read_file", "Read a text file.", { path: { type: "string" } }),
    tool("write_file", "Write a text file.", { path: { type: "string" }, content: { type: "string" } }),
    tool("list_files", "List the files in a folder.", { path: { type: "string" } }),
  ],
};
