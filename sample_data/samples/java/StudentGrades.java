import java.util.Scanner;

public class StudentGrades {

    public static void main(String[] args) {
        Scanner scanner = new Scanner(System.in);

        System.out.print("How many students? ");
        int count = scanner.nextInt();

        String[] names = new String[count];
        int[] grades = new int[count];

        // Read all the students
        for (int i = 0; i < count; i++) {
            System.out.print("Name of student " + (i + 1) + ": ");
            names[i] = scanner.next();
            System.out.print("Grade (0-100): ");
            grades[i] = scanner.nextInt();
        }

        // Calculate the average
        int sum = 0;
        for (int i = 0; i < count; i++) {
            sum = sum + grades[i];
        }
        double average = (double) sum / count;

        // Find the best student
        int best = 0;
        for (int i = 1; i < count; i++) {
            if (grades[i] > grades[best]) {
                best = i;
            }
        }

        System.out.println("The average is " + average);
        System.out.println("The best student is " + names[best] + " with " + grades[best]);
    }
}
