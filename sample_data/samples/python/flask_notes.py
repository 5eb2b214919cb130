from flask import Flask, abort, jsonify, request

app = Flask(__name__)
notes = {}
next_id = 1


@app.get("/notes")
def list_notes():
    wanted = request.args.get("tag")
    found = [note for note in notes.values() if wanted is None or wanted in note["tags"]]
    return jsonify(found)


@app.post("/notes")
def create_note():
    global next_id
    body = request.get_json(silent=True) or {}
    title = str(body.get("title", "")).strip()
    if not title:
        abort(422, "a note needs a title")
    note = {"id": next_id, "title": title, "text": body.get("text", ""), "tags": body.get("tags", [])}
    notes[next_id] = note
    next_id += 1
    return jsonify(note), 201


@app.get("/notes/<int:note_id>")
def show_note(note_id):
    if note_id not in notes:
        abort(404)
    return jsonify(notes[note_id])


@app.delete("/notes/<int:note_id>")
def delete_note(note_id):
    if notes.pop(note_id, None) is None:
        abort(404)
    return "", 204


@app.errorhandler(404)
@app.errorhandler(422)
def show_error(error):
    return jsonify(error=error.description), error.code
