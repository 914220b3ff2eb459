// npm's openai and ai (with @ai-sdk/openai-compatible) against the server: node node_clients.mjs URL
import assert from "node:assert/strict";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { generateText, streamText, tool } from "ai";
import OpenAI from "openai";
import { z } from "zod";

const url = process.argv[2];
const question = "What is the weather in Rome?";
const messages = [{ role: "user", content: question }];
const parameters = { type: "object", properties: { days: { enum: [1, 2] } }, required: ["days"] };

const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: "none", maxRetries: 0 });
const body = { model: "codeling", messages, max_tokens: 20, temperature: 0 };
const whole = await client.chat.completions.create(body);
let text = "";
let reason = null;
for await (const piece of await client.chat.completions.create({ ...body, stream: true })) {
  text += piece.choices[0]?.delta?.content ?? "";
  reason = piece.choices[0]?.finish_reason ?? reason;
}
assert.equal(text, whole.choices[0].message.content);
assert.equal(reason, whole.choices[0].finish_reason);
console.log("openai: chat and stream: pass");

const called = await client.chat.completions.create({
  ...body,
  max_tokens: 80,
  tools: [{ type: "function", function: { name: "get_weather", parameters } }],
  tool_choice: "required",
  parallel_tool_calls: false,
});
assert.ok([1, 2].includes(JSON.parse(called.choices[0].message.tool_calls[0].function.arguments).days));
console.log("openai: tools: pass");

const completed = await client.completions.create({ model: "codeling", prompt: "x = ", suffix: "\n", max_tokens: 6 });
assert.ok(completed.usage.completion_tokens <= 6);
const response = await client.responses.create({ model: "codeling", input: question, max_output_tokens: 20 });
assert.equal(typeof response.output_text, "string");
console.log("openai: completions, responses: pass");
await assert.rejects(client.chat.completions.create({ ...body, temperature: 9 }), OpenAI.BadRequestError);
console.log("openai: errors: pass");

const provider = createOpenAICompatible({ name: "codeling", baseURL: `${url}/v1`, apiKey: "none" });
const model = provider("codeling");
const generated = await generateText({ model, prompt: question, maxOutputTokens: 20, temperature: 0 });
const stream = streamText({ model, prompt: question, maxOutputTokens: 20, temperature: 0 });
let streamed = "";
for await (const piece of stream.textStream) streamed += piece;
assert.equal(streamed, generated.text);
console.log("ai: generateText and streamText: pass");

const withTool = await generateText({
  model,
  prompt: question,
  maxOutputTokens: 80,
  tools: { get_weather: tool({ description: "The weather", inputSchema: z.object({ days: z.literal(1) }) }) },
  toolChoice: "required",
});
assert.equal(withTool.toolCalls[0].toolName, "get_weather");
assert.deepEqual(withTool.toolCalls[0].input, { days: 1 });
console.log("ai: tools: pass");
