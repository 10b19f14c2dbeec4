// Speech in real time over a WebSocket, from TypeScript: connect, send the settings, send the text, write the audio.
//
// It talks to `aligner serve` on this machine; with a key in `.env` and SPEECH_URL=wss://api.elevenlabs.io in the
// environment the same lines talk to ElevenLabs. Node 22.18 or newer runs it as it is, with nothing to install:
//
//     aligner serve &
//     node text-to-speech-websocket.ts

import * as fs from "node:fs";
import process from "node:process";

if (fs.existsSync(".env")) process.loadEnvFile(".env");

const key = process.env.ELEVENLABS_API_KEY ?? "";
const url = process.env.SPEECH_URL ?? "ws://127.0.0.1:8080";
const voice = process.env.SPEECH_VOICE ?? "en-us";
const model = "eleven_flash_v2_5";

const text =
  "The twilight sun cast its warm golden hues upon the vast rolling fields, saturating the landscape with an " +
  "ethereal glow. Silently, the meandering brook continued its ceaseless journey, whispering secrets only the " +
  "trees seemed privy to.";

type Message = {
  audio?: string | null;
  isFinal?: boolean | null;
  error?: string;
  message?: string;
};

const outputDir = "./output";
const outputFile = `${outputDir}/test.mp3`;
fs.mkdirSync(outputDir, { recursive: true });
const file = fs.openSync(outputFile, "w");

const socket = new WebSocket(`${url}/v1/text-to-speech/${voice}/stream-input?model_id=${model}`);
const send = (message: object): void => socket.send(JSON.stringify(message));

socket.addEventListener("open", () => {
  // First the settings: they hold for the whole connection. The one space is not spoken.
  send({
    text: " ",
    voice_settings: { stability: 0.5, similarity_boost: 0.8, use_speaker_boost: false },
    generation_config: { chunk_length_schedule: [120, 160, 250, 290] },
    xi_api_key: key,
  });
  send({ text: text + " " });
  // An empty text says that no more will come: the rest is spoken, then the service closes.
  send({ text: "" });
});

socket.addEventListener("message", (event: MessageEvent) => {
  const message: Message = JSON.parse(event.data.toString());
  if (message.error) {
    console.error(`the service says: ${message.message}`);
    process.exitCode = 1;
  }
  if (message.audio) fs.writeSync(file, Buffer.from(message.audio, "base64"));
});

socket.addEventListener("error", () => {
  console.error(`${url} cannot be reached`);
  process.exitCode = 1;
});

socket.addEventListener("close", () => {
  fs.closeSync(file);
  if (!process.exitCode) console.log(`${outputFile}: ${fs.statSync(outputFile).size} bytes`);
});
