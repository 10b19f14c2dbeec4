"""Speech in real time over a WebSocket, from Python: connect, send the settings, send the text, write the audio.

It talks to `aligner serve` on this machine; with a key in `.env` and SPEECH_URL=wss://api.elevenlabs.io in the
environment the same lines talk to ElevenLabs.

    pip install websockets python-dotenv
    aligner serve &
    python text_to_speech_websocket.py
"""

import asyncio
import base64
import json
import os
from pathlib import Path

from dotenv import load_dotenv
from websockets.asyncio.client import connect

load_dotenv(Path.cwd() / ".env")
KEY = os.environ.get("ELEVENLABS_API_KEY", "")
URL = os.environ.get("SPEECH_URL", "ws://127.0.0.1:8080")
VOICE = os.environ.get("SPEECH_VOICE", "en-us")
MODEL = "eleven_flash_v2_5"

TEXT = (
    "The twilight sun cast its warm golden hues upon the vast rolling fields, saturating the landscape with an "
    "ethereal glow. Silently, the meandering brook continued its ceaseless journey, whispering secrets only the "
    "trees seemed privy to."
)


async def text_to_speech(text: str, file: Path) -> None:
    """Speak a text and write the sound as it arrives."""
    address = f"{URL}/v1/text-to-speech/{VOICE}/stream-input?model_id={MODEL}"
    async with connect(address, max_size=16 * 2**20) as socket:
        # First the settings: they hold for the whole connection. The one space is not spoken.
        await socket.send(
            json.dumps(
                {
                    "text": " ",
                    "voice_settings": {"stability": 0.5, "similarity_boost": 0.8, "use_speaker_boost": False},
                    "generation_config": {"chunk_length_schedule": [120, 160, 250, 290]},
                    "xi_api_key": KEY,
                }
            )
        )
        await socket.send(json.dumps({"text": text + " "}))
        # An empty text says that no more will come: the rest is spoken, then the service closes.
        await socket.send(json.dumps({"text": ""}))
        await write_to_file(socket, file)


async def write_to_file(socket: object, file: Path) -> None:
    """Append every piece of sound to the file as it arrives."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("wb") as sound:
        async for frame in socket:
            message = json.loads(frame)
            if message.get("error"):
                raise SystemExit(f"the service says: {message['message']}")
            if message.get("audio"):
                sound.write(base64.b64decode(message["audio"]))
            if message.get("isFinal"):
                break


if __name__ == "__main__":
    output = Path("output/test.mp3")
    asyncio.run(text_to_speech(TEXT, output))
    print(f"{output}: {output.stat().st_size} bytes")
