(function () {
  var list = document.getElementById('todos');
  var input = document.getElementById('new-todo');
  var todos = JSON.parse(localStorage.getItem('todos') || '[]');

  function save() {
    localStorage.setItem('todos', JSON.stringify(todos));
  }

  function render() {
    list.innerHTML = '';
    for (var i = 0; i < todos.length; i++) {
      list.appendChild(row(todos[i], i));
    }
  }

  function row(todo, index) {
    var li = document.createElement('li');
    var box = document.createElement('input');
    box.type = 'checkbox';
    box.checked = todo.done;
    box.addEventListener('change', function () {
      todo.done = box.checked;
      save();
    });
    li.appendChild(box);
    li.appendChild(document.createTextNode(' ' + todo.text + ' '));
    var remove = document.createElement('button');
    remove.textContent = 'x';
    remove.onclick = function () {
      todos.splice(index, 1);
      save();
      render();
    };
    li.appendChild(remove);
    return li;
  }

  input.addEventListener('keydown', function (e) {
    if (e.key === 'Enter' && input.value.trim()) {
      todos.push({ text: input.value.trim(), done: false });
      input.value = '';
      save();
      render();
    }
  });

  render();
})();
