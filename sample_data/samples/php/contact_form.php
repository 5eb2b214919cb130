<?php

declare(strict_types=1);

session_start();

function e(string $text): string
{
    return htmlspecialchars($text, ENT_QUOTES, 'UTF-8');
}

$_SESSION['token'] ??= bin2hex(random_bytes(16));
$errors = [];
$fields = ['name' => '', 'email' => '', 'message' => ''];

if ($_SERVER['REQUEST_METHOD'] === 'POST') {
    if (!hash_equals($_SESSION['token'], $_POST['token'] ?? '')) {
        http_response_code(403);
        exit('The form has expired.');
    }
    foreach (array_keys($fields) as $name) {
        $fields[$name] = trim((string) ($_POST[$name] ?? ''));
        if ($fields[$name] === '') {
            $errors[$name] = 'Please fill in this field.';
        }
    }
    if (!isset($errors['email']) && filter_var($fields['email'], FILTER_VALIDATE_EMAIL) === false) {
        $errors['email'] = 'This is not an e-mail address.';
    }
    if ($errors === []) {
        file_put_contents(__DIR__ . '/messages.jsonl', json_encode($fields) . "\n", FILE_APPEND | LOCK_EX);
        header('Location: /thanks.html', true, 303);
        exit;
    }
}
?>
<form method="post">
  <input type="hidden" name="token" value="<?= e($_SESSION['token']) ?>">
  <?php foreach ($fields as $name => $value): ?>
    <label><?= e(ucfirst($name)) ?> <input name="<?= e($name) ?>" value="<?= e($value) ?>"></label>
    <p class="error"><?= e($errors[$name] ?? '') ?></p>
  <?php endforeach ?>
  <button>Send</button>
</form>
