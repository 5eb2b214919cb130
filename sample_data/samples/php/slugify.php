<?php

function slugify(string $title, int $longest = 60): string
{
    $ascii = transliterator_transliterate('Any-Latin; Latin-ASCII; Lower()', $title);
    $slug = trim(preg_replace('/[^a-z0-9]+/', '-', $ascii), '-');
    if (strlen($slug) <= $longest) {
        return $slug === '' ? 'untitled' : $slug;
    }
    $cut = strrpos(substr($slug, 0, $longest + 1), '-');
    return substr($slug, 0, $cut ?: $longest);
}

/** @param callable(string): bool $isTaken */
function uniqueSlug(string $title, callable $isTaken): string
{
    $slug = slugify($title);
    for ($number = 2, $candidate = $slug; $isTaken($candidate); $number++) {
        $candidate = "{$slug}-{$number}";
    }
    return $candidate;
}
