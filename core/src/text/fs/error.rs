//! Why something cannot be done to a file, in the words of the C library.

/// Why an operation failed; the texts are those of Linux.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FsError {
    /// Nothing has that name.
    NotFound,
    /// A part of the path is a file.
    NotADirectory,
    /// A file was wanted and a directory is there.
    IsADirectory,
    /// The name is taken.
    Exists,
    /// A directory with entries cannot be removed or replaced.
    NotEmpty,
    /// The limits of size or number are reached.
    NoSpace,
    /// The place was mounted read-only (a ConfigMap volume, for instance).
    ReadOnly,
    /// The file's mode forbids it.
    Denied,
    /// Symbolic links lead in a circle.
    Loop,
    /// A name of more than 255 bytes or a path too deep.
    NameTooLong,
    /// A directory cannot be moved into itself.
    Invalid,
}

impl FsError {
    /// What `strerror` says.
    pub fn text(self) -> &'static str {
        match self {
            FsError::NotFound => "No such file or directory",
            FsError::NotADirectory => "Not a directory",
            FsError::IsADirectory => "Is a directory",
            FsError::Exists => "File exists",
            FsError::NotEmpty => "Directory not empty",
            FsError::NoSpace => "No space left on device",
            FsError::ReadOnly => "Read-only file system",
            FsError::Denied => "Permission denied",
            FsError::Loop => "Too many levels of symbolic links",
            FsError::NameTooLong => "File name too long",
            FsError::Invalid => "Invalid argument",
        }
    }
}
