use std::io;

fn to_fahrenheit(celsius: f64) -> f64 {
    celsius * 9.0 / 5.0 + 32.0
}

fn to_celsius(fahrenheit: f64) -> f64 {
    (fahrenheit - 32.0) * 5.0 / 9.0
}

fn main() {
    println!("Enter a temperature such as 20C or 68F:");

    let mut line = String::new();
    io::stdin().read_line(&mut line).expect("could not read the line");
    let line = line.trim();

    // The last letter tells the unit.
    let (number, unit) = match line.char_indices().last() {
        Some((index, unit)) => (&line[..index], unit),
        None => {
            println!("Nothing was entered.");
            return;
        }
    };

    let number: f64 = match number.trim().parse() {
        Ok(number) => number,
        Err(_) => {
            println!("That is not a number.");
            return;
        }
    };

    match unit {
        'c' | 'C' => println!("{number:.1} °C is {:.1} °F", to_fahrenheit(number)),
        'f' | 'F' => println!("{number:.1} °F is {:.1} °C", to_celsius(number)),
        other => println!("I do not know the unit {other}."),
    }
}
