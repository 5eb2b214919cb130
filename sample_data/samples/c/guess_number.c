#include <stdio.h>
#include <stdlib.h>
#include <time.h>

int main()
{
    int secret, guess, tries = 0;

    srand(time(NULL));
    secret = rand() % 100 + 1;

    printf("I have a number between 1 and 100. Can you guess it?\n");

    do {
        printf("Your guess: ");
        if (scanf("%d", &guess) != 1) {
            printf("That was not a number!\n");
            return 1;
        }
        tries++;

        if (guess < secret) {
            printf("Too small!\n");
        } else if (guess > secret) {
            printf("Too big!\n");
        } else {
            printf("Correct! You needed %d tries.\n", tries);
        }
    } while (guess != secret);

    return 0;
}
