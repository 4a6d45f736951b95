//! The name of a repository, from the URL of its origin.

/// `owner/name` (or `group/subgroup/name`) of a URL, or the last part of a local path.
///
/// Host, port, user, password, query and fragment are dropped: a token in a URL must not get into
/// a file that is committed.
pub(super) fn of_url(url: &str) -> Option<String> {
    let url = url.trim();
    let (path, is_local) = match url.split_once("://") {
        Some((scheme, rest)) => {
            let (_host, path) = rest.split_once('/')?;
            (path.split(['?', '#']).next().unwrap_or(path), scheme == "file")
        }
        // `user@host:path`, unless a slash or a drive letter says that it is a path.
        None => match url.split_once(':') {
            Some((host, path)) if host.len() > 1 && !host.contains(['/', '\\']) => (path, false),
            _ => (url, true),
        },
    };
    let mut parts = path.split(['/', '\\']).filter(|part| !matches!(*part, "" | "." | ".."));
    let parts: Vec<&str> =
        if is_local { parts.next_back().into_iter().collect() } else { parts.collect() };
    let name = parts.join("/");
    let name = name.strip_suffix(".git").unwrap_or(&name).trim_end_matches('/');
    let is_plain = !name.is_empty() && !name.contains(|c: char| c.is_control() || c == '@');
    is_plain.then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::of_url;

    #[test]
    fn owner_and_name_are_found_and_secrets_are_not() {
        for url in [
            "https://example.com/owner/name.git",
            "https://user:token@example.com/owner/name",
            "https://example.com:8443/owner/name.git/?token=secret#x",
            "ssh://git@example.com:22/owner/name.git",
            "git@example.com:owner/name.git",
            "git@example.com:/owner/name.git",
            "example.com:owner/name",
        ] {
            assert_eq!(of_url(url).as_deref(), Some("owner/name"), "{url}");
        }
        assert_eq!(of_url("https://h/group/sub/name.git").as_deref(), Some("group/sub/name"));
    }

    #[test]
    fn a_local_path_gives_its_last_part() {
        for url in ["/srv/git/name.git", "../name", "file:///srv/git/name.git", r"C:\git\name.git"]
        {
            assert_eq!(of_url(url).as_deref(), Some("name"), "{url}");
        }
    }

    #[test]
    fn nothing_usable_gives_no_name() {
        for url in ["", "https://example.com", "https://example.com/", "..", "https://h/a\u{7}b"] {
            assert_eq!(of_url(url), None, "{url}");
        }
    }
}
