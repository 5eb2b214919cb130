<html>
<body>
<h1>My guestbook</h1>
<form method="post">
Name: <input name="name"><br>
Text: <textarea name="text"></textarea><br>
<input type="submit">
</form>
<?php
// save the entry
if (isset($_POST['name'])) {
    $line = $_POST['name'] . "|" . $_POST['text'] . "\n";
    file_put_contents("guestbook.txt", $line, FILE_APPEND);
}

// show the entries
if (file_exists("guestbook.txt")) {
    $lines = file("guestbook.txt");
    foreach ($lines as $line) {
        $parts = explode("|", $line);
        echo "<p><b>" . $parts[0] . "</b>: " . $parts[1] . "</p>";
    }
}
?>
</body>
</html>
