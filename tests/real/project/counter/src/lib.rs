pub fn next(n: u64) -> u64 {
    n + 1
}

#[cfg(test)]
mod tests {
    #[test]
    fn counts() {
        assert_eq!(super::next(1), 2);
    }
}
