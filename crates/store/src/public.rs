//! Files below a directory that others read and may have written: no link is followed, nothing is larger than it
//! may be, and what is written appears whole or not at all (spec: L-7, L-12).

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Write};
use std::path::{Path, PathBuf};

use crate::disk::{self, DiskError};

/// Why a file below a public directory is not read or written.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// A file operation failed.
    #[error(transparent)]
    Disk(#[from] DiskError),
    /// A symbolic link, a device, or a directory in a file's place (spec: L-12).
    #[error("`{}` is a symbolic link or no plain file", .0.display())]
    NotPlain(PathBuf),
    /// More bytes than such a file may have (spec: L-12).
    #[error("`{}` is larger than such a file may be", .0.display())]
    TooLarge(PathBuf),
}

impl FileError {
    /// The stable code, never reused.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Disk(error) => error.code(),
            Self::NotPlain(_) => "file-not-plain",
            Self::TooLarge(_) => "file-too-large",
        }
    }
}

/// A directory whose files are named by paths below it, with `/` between their parts.
///
/// Links are looked for before a file is opened, so whoever can change the directory at that very moment can
/// still put one there: verify a copy.
#[derive(Clone, Debug)]
pub(crate) struct PublicDir {
    root: PathBuf,
}

/// What lies at a name.
enum Found {
    Directory,
    File(u64),
    Nothing,
}

impl PublicDir {
    pub(crate) fn new(root: &Path) -> Self {
        Self { root: root.to_owned() }
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// Looks at a name without following a link in any of its parts.
    fn look(&self, name: &str) -> Result<Found, FileError> {
        let mut path = self.root.clone();
        let mut found = Found::Directory;
        for part in name.split('/') {
            if matches!(found, Found::File(_)) {
                return Err(FileError::NotPlain(path));
            }
            path.push(part);
            found = match fs::symlink_metadata(&path) {
                Ok(metadata) if metadata.is_dir() => Found::Directory,
                Ok(metadata) if metadata.is_file() => Found::File(metadata.len()),
                Ok(_) => return Err(FileError::NotPlain(path)),
                Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Found::Nothing),
                Err(error) => return Err(DiskError::new("read", &path, error).into()),
            };
        }
        Ok(found)
    }

    /// A file's bytes, at most `limit`; `None` if it is not there.
    pub(crate) fn read(&self, name: &str, limit: u64) -> Result<Option<Vec<u8>>, FileError> {
        let path = self.root.join(name);
        match self.look(name)? {
            Found::Nothing => Ok(None),
            Found::Directory => Err(FileError::NotPlain(path)),
            Found::File(length) if length > limit => Err(FileError::TooLarge(path)),
            Found::File(_) => {
                let mut bytes = Vec::new();
                let read = File::open(&path).and_then(|file| file.take(limit).read_to_end(&mut bytes));
                read.map_err(|source| DiskError::new("read", &path, source))?;
                Ok(Some(bytes))
            }
        }
    }

    /// The names of all files below a folder, sorted; none if it is not there.
    pub(crate) fn files(&self, folder: &str) -> Result<Vec<String>, FileError> {
        let mut files = Vec::new();
        let mut waiting = vec![folder.to_owned()];
        while let Some(name) = waiting.pop() {
            match self.look(&name)? {
                Found::File(_) => files.push(name),
                Found::Directory => {
                    let below = disk::names(&self.root.join(&name))?;
                    waiting.extend(below.iter().map(|part| format!("{name}/{part}")));
                }
                Found::Nothing => {}
            }
        }
        files.sort();
        Ok(files)
    }

    /// Writes a file whole, in place of an older one, and its name durably. Others may read it.
    pub(crate) fn put(&self, name: &str, bytes: &[u8]) -> Result<(), FileError> {
        self.put_with(name, |file| file.write_all(bytes).map_err(|error| self.failed("write", name, error)))
    }

    /// As [`PublicDir::put`], for what is too large to be held.
    pub(crate) fn put_with<E: From<FileError>>(
        &self,
        name: &str,
        write: impl FnOnce(&mut dyn Write) -> Result<(), E>,
    ) -> Result<(), E> {
        self.make_folders(name)?;
        if matches!(self.look(name)?, Found::Directory) {
            return Err(FileError::NotPlain(self.root.join(name)).into());
        }
        let failed = |action| move |source| E::from(self.failed(action, name, source));
        let path = self.root.join(name);
        let temporary = self.root.join(format!("{name}.new"));
        // What a crash left is taken away first, so that a link put there is never written through.
        match fs::remove_file(&temporary) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(failed("remove")(error)),
            _ => {}
        }
        let file = OpenOptions::new().write(true).create_new(true).open(&temporary);
        let mut file = io::BufWriter::new(file.map_err(failed("create"))?);
        write(&mut file)?;
        let file = file.into_inner().map_err(|error| failed("write")(error.into_error()))?;
        file.sync_all().map_err(failed("sync"))?;
        fs::rename(&temporary, &path).map_err(failed("rename"))?;
        Ok(disk::sync_dir(&path).map_err(FileError::from)?)
    }

    fn failed(&self, action: &'static str, name: &str, source: io::Error) -> FileError {
        DiskError::new(action, &self.root.join(name), source).into()
    }

    /// Makes the folders of a name, each made durable in the one above it.
    fn make_folders(&self, name: &str) -> Result<(), FileError> {
        let folders = name.match_indices('/').filter_map(|(at, _)| name.get(..at));
        fs::create_dir_all(&self.root).map_err(|source| self.failed("create", "", source))?;
        for folder in folders {
            match self.look(folder)? {
                Found::Directory => {}
                Found::File(_) => return Err(FileError::NotPlain(self.root.join(folder))),
                Found::Nothing => {
                    let path = self.root.join(folder);
                    fs::create_dir(&path).map_err(|source| self.failed("create", folder, source))?;
                    disk::sync_dir(&path)?;
                }
            }
        }
        Ok(())
    }
}
