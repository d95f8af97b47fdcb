//! Files of lines that grow while a process may be killed.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::Path;

use crate::DatasetError;

/// Opens or makes a file whose lines are kept, for this process alone, without the half line that a
/// killed one may have left. Returns it with its length.
pub(crate) fn open_whole_lines(path: &Path) -> Result<(File, u64), DatasetError> {
    let fail = |action| DatasetError::io(action, path);
    let mut options = OpenOptions::new();
    options.read(true).append(true).create(true);
    let mut file = options.open(path).map_err(fail("open"))?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            return Err(DatasetError::Busy { path: path.to_owned() });
        }
        Err(TryLockError::Error(error)) => return Err(fail("lock")(error)),
    }
    let length = cut_torn_line(&mut file).map_err(fail("repair"))?;
    Ok((file, length))
}

fn cut_torn_line(file: &mut File) -> std::io::Result<u64> {
    const STEP: u64 = 4096;
    let length = file.seek(SeekFrom::End(0))?;
    let mut end = length;
    while end > 0 {
        let start = end.saturating_sub(STEP);
        file.seek(SeekFrom::Start(start))?;
        let mut bytes = Vec::new();
        (&*file).take(end - start).read_to_end(&mut bytes)?;
        if let Some(at) = bytes.iter().rposition(|byte| *byte == b'\n') {
            end = start + at as u64 + 1;
            break;
        }
        end = start;
    }
    if end < length {
        file.set_len(end)?;
    }
    Ok(end)
}
