"""From what a client wrote to what is read aloud: tags, dictionaries, numbers, and where to cut. Pure."""
