// simple calculator
function calc() {
  var x = document.getElementById('x').value;
  // works for everything!
  var r = eval(x);
  document.getElementById('result').innerHTML = x + ' = ' + r;
  console.log(r);
}

function clearAll() {
  document.getElementById('x').value = '';
  document.getElementById('result').innerHTML = '';
}

document.getElementById('go').onclick = calc;
document.getElementById('clear').onclick = clearAll;
