"""The window that shows what is to be signed and takes the PIN, which it prints to the agent."""

import json
import sys
import tkinter
from tkinter import ttk


def main() -> int:
    shown = json.load(sys.stdin)
    words, answer = shown["words"], []
    window = tkinter.Tk()
    window.title(words["title"])
    window.attributes("-topmost", True)
    frame = ttk.Frame(window, padding=20)
    frame.pack(fill="both", expand=True)
    lines = ttk.Frame(frame)
    lines.pack(fill="both", expand=True)
    text = tkinter.Text(lines, width=100, height=min(len(shown["lines"]) + 2, 26), wrap="word", borderwidth=0)
    text.insert("1.0", "\n".join(shown["lines"]))
    text.configure(state="disabled")
    bar = ttk.Scrollbar(lines, command=text.yview)  # twenty papers are more than a screen
    text.configure(yscrollcommand=bar.set)
    bar.pack(side="right", fill="y")
    text.pack(side="left", fill="both", expand=True)
    ttk.Label(frame, text=words["pin"]).pack(anchor="w", pady=(12, 0))
    pin = ttk.Entry(frame, show="•")
    pin.pack(fill="x")
    buttons = ttk.Frame(frame)
    buttons.pack(anchor="e", pady=(16, 0))

    def agree(event: object = None) -> None:
        answer.append(pin.get())
        window.destroy()

    ttk.Button(buttons, text=words["cancel"], command=window.destroy).pack(side="left", padx=8)
    ttk.Button(buttons, text=words["sign"], command=agree).pack(side="left")
    pin.bind("<Return>", agree)
    window.bind("<Escape>", lambda event: window.destroy())
    pin.focus_set()
    window.mainloop()
    if not answer or not answer[0]:
        return 1
    print(answer[0])
    return 0


if __name__ == "__main__":
    sys.exit(main())
