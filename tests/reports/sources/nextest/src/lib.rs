//! Tests that end in every way that cargo-nextest knows.

#[cfg(test)]
mod tests {
    use std::{fs, process, thread, time::Duration};

    #[test]
    fn passes() {}

    #[test]
    fn fails() {
        assert_eq!(2 + 2, 5, "a < b & \"c\" ☕ ]]> \u{1b}[31mred\u{1b}[0m");
    }

    /// Passes at the second try.
    #[test]
    fn flaky() {
        let mark = std::env::var("FLAKY_MARK").unwrap();
        if fs::metadata(&mark).is_err() {
            fs::write(&mark, "").unwrap();
            panic!("the first try");
        }
    }

    #[test]
    #[ignore = "not yet"]
    fn ignored() {}

    #[test]
    fn hangs() {
        thread::sleep(Duration::from_secs(60));
    }

    #[test]
    fn aborts() {
        process::abort();
    }

    mod nested {
        #[test]
        fn passes() {
            println!("]]> & <failure/>");
        }

        #[test]
        #[should_panic(expected = "so it does")]
        fn panics_as_it_should() {
            panic!("so it does");
        }
    }
}
