//! The few ways in which this crate touches files, each with its promise of durability (spec: O-2…O-4).

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};

/// A file operation that failed, with its path.
#[derive(Debug, thiserror::Error)]
#[error("cannot {action} `{}`: {}", path.display(), cause(source))]
pub struct DiskError {
    action: &'static str,
    path: PathBuf,
    source: io::Error,
}

impl DiskError {
    pub(crate) fn new(action: &'static str, path: &Path, source: io::Error) -> Self {
        Self { action, path: path.to_owned(), source }
    }

    /// A failure to read a file that the caller opened itself.
    #[must_use]
    pub fn reading(path: &Path, source: io::Error) -> Self {
        Self::new("read", path, source)
    }

    /// The stable code, never reused.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self.source.kind() {
            io::ErrorKind::AlreadyExists => "file-exists",
            io::ErrorKind::IsADirectory => "file-needed",
            io::ErrorKind::NotADirectory => "directory-needed",
            io::ErrorKind::NotFound => "file-missing",
            io::ErrorKind::PermissionDenied => "file-denied",
            io::ErrorKind::StorageFull => "disk-full",
            _ => "disk-failed",
        }
    }

    /// Whether the file is simply not there.
    #[must_use]
    pub fn is_missing(&self) -> bool {
        self.source.kind() == io::ErrorKind::NotFound
    }
}

/// Why, naming what was expected where a file and a directory were taken for each other.
fn cause(source: &io::Error) -> String {
    match source.kind() {
        io::ErrorKind::IsADirectory => "it is a directory, and a file is needed".to_owned(),
        io::ErrorKind::NotADirectory => "a file lies where a directory is needed".to_owned(),
        _ => source.to_string(),
    }
}

/// Reads a whole file of at most `limit` bytes.
pub(crate) fn read(path: &Path, limit: u64) -> Result<Vec<u8>, DiskError> {
    let failed = |source| DiskError::new("read", path, source);
    let file = File::open(path).map_err(failed)?;
    let mut bytes = Vec::new();
    file.take(limit.saturating_add(1)).read_to_end(&mut bytes).map_err(failed)?;
    if u64::try_from(bytes.len()).is_ok_and(|length| length <= limit) {
        Ok(bytes)
    } else {
        Err(failed(io::Error::new(io::ErrorKind::InvalidData, format!("more than {limit} bytes"))))
    }
}

/// Locks a file until it is dropped, as the system does when the process ends; `None` if another holds it.
pub(crate) fn lock(path: &Path) -> Result<Option<File>, DiskError> {
    let failed = |source| DiskError::new("lock", path, source);
    let file = OpenOptions::new().write(true).create(true).truncate(false).open(path).map_err(failed)?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(source)) => Err(failed(source)),
    }
}

/// Makes a directory that only its owner may enter.
pub(crate) fn make_private_dir(path: &Path) -> Result<(), DiskError> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path).map_err(|source| DiskError::new("create", path, source))
}

/// Creates a file that must not exist, writes and syncs it and its directory. Mode 0600 from the start.
pub(crate) fn create_private(path: &Path, bytes: &[u8]) -> Result<(), DiskError> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    write_synced(options, path, bytes)
}

/// Replaces a private file in one step: a reader sees the old or the new, never a part.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> Result<(), DiskError> {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    replace_by(options, path, bytes)
}

/// Writes a file to hand out, such as a statement, in one step; one that lies there is replaced.
///
/// # Errors
/// [`DiskError`].
pub fn write_file(path: &Path, bytes: &[u8]) -> Result<(), DiskError> {
    replace_by(OpenOptions::new(), path, bytes)
}

/// Writes a private file that may be lost or torn, such as a cache, with the directories above it; nothing is synced.
pub(crate) fn write_plain(path: &Path, bytes: &[u8]) -> Result<(), DiskError> {
    write_at(path, 0, bytes)
}

/// As [`write_plain`], after the first `start` bytes that lie there.
pub(crate) fn write_at(path: &Path, start: u64, bytes: &[u8]) -> Result<(), DiskError> {
    path.parent().map_or(Ok(()), make_private_dir)?;
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options.open(path).and_then(|mut file| {
        file.set_len(start)?;
        file.seek(io::SeekFrom::Start(start))?;
        file.write_all(bytes)
    });
    written.map_err(|source| DiskError::new("write", path, source))
}

fn replace_by(mut options: OpenOptions, path: &Path, bytes: &[u8]) -> Result<(), DiskError> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".new-{}", std::process::id()));
    let temporary = path.with_file_name(name);
    options.write(true).create(true).truncate(true);
    write_synced(options, &temporary, bytes)?;
    fs::rename(&temporary, path).map_err(|source| DiskError::new("rename", path, source))?;
    sync_dir(path)
}

fn write_synced(options: OpenOptions, path: &Path, bytes: &[u8]) -> Result<(), DiskError> {
    let failed = |source| DiskError::new("write", path, source);
    let mut file = options.open(path).map_err(failed)?;
    file.write_all(bytes).map_err(failed)?;
    file.sync_all().map_err(failed)?;
    sync_dir(path)
}

/// Makes a new or renamed name durable: on POSIX systems that is the directory's own sync.
pub(crate) fn sync_dir(path: &Path) -> Result<(), DiskError> {
    #[cfg(unix)]
    if let Some(parent) = path.parent() {
        let parent = if parent.as_os_str().is_empty() { Path::new(".") } else { parent };
        let synced = File::open(parent).and_then(|dir| dir.sync_all());
        synced.map_err(|source| DiskError::new("sync", parent, source))?;
    }
    Ok(())
}

/// The names in a directory, sorted; none if it does not exist.
pub(crate) fn names(path: &Path) -> Result<Vec<String>, DiskError> {
    let failed = |source| DiskError::new("list", path, source);
    let entries = match fs::read_dir(path) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(failed(error)),
    };
    let mut names = Vec::new();
    for entry in entries {
        names.push(entry.map_err(failed)?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    Ok(names)
}

/// Removes a file and makes that durable.
pub(crate) fn remove(path: &Path) -> Result<(), DiskError> {
    fs::remove_file(path).map_err(|source| DiskError::new("remove", path, source))?;
    sync_dir(path)
}
