//! The files of the repository.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// A text file of the repository.
pub(crate) struct File {
    /// The path from the root, with forward slashes.
    pub(crate) path: String,
    pub(crate) text: String,
}

impl File {
    pub(crate) fn has_ending(&self, endings: &[&str]) -> bool {
        self.path.rsplit_once('.').is_some_and(|(_, ending)| endings.contains(&ending))
    }

    /// Whether the file only exists for tests and benches.
    pub(crate) fn is_test(&self) -> bool {
        let name = self.path.rsplit('/').next().unwrap_or_default();
        ["tests/", "benches/", "bench/", "examples/", "fuzz/"].iter().any(|d| self.path.contains(d))
            || name == "tests.rs"
            || name.ends_with("_tests.rs")
    }

    /// The lines of Rust code with their numbers: no comments, and nothing from a test module at the end on.
    pub(crate) fn code_lines(&self) -> impl Iterator<Item = (usize, &str)> {
        let test_module = |line: &str| line.trim_start().starts_with("mod tests {");
        let lines = self.text.lines().enumerate().take_while(move |(_, line)| !test_module(line));
        lines.map(|(i, line)| (i + 1, without_comment(line))).filter(|(_, line)| !line.trim().is_empty())
    }
}

/// The line up to a `//` that is not inside a URL.
fn without_comment(line: &str) -> &str {
    let comment = line.match_indices("//").find(|(at, _)| !line[..*at].ends_with(':'));
    comment.map_or(line, |(at, _)| &line[..at])
}

pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(4)
        .expect("the crate lies four folders deep")
        .to_owned()
}

/// All files that belong to the repository, except captured payloads; binary files are left out.
pub(crate) fn files() -> Vec<File> {
    let root = root();
    let paths = tracked(&root).unwrap_or_else(|| {
        let mut paths = Vec::new();
        walk(&root, &root, &mut paths);
        paths
    });
    assert!(paths.len() > 100, "only {} files were found below {}", paths.len(), root.display());
    let read = |path: String| Some(File { text: fs::read_to_string(root.join(&path)).ok()?, path });
    paths.into_iter().filter(|p| !p.contains("/test_data/")).filter_map(read).collect()
}

/// What git tracks or would add; `None` outside a checkout.
fn tracked(root: &Path) -> Option<Vec<String>> {
    let git = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
    let output = Command::new("git").args(git).current_dir(root).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let paths: Vec<_> = text.split('\0').filter(|p| !p.is_empty()).map(str::to_owned).collect();
    (output.status.success() && !paths.is_empty()).then_some(paths)
}

fn walk(root: &Path, folder: &Path, paths: &mut Vec<String>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if path.is_dir() {
            if !name.starts_with('.')
                && !["target", "build", "dist", "node_modules", "__pycache__"].contains(&&*name)
            {
                walk(root, &path, paths);
            }
        } else if let Ok(inside) = path.strip_prefix(root) {
            paths.push(inside.to_string_lossy().replace('\\', "/"));
        }
    }
}
