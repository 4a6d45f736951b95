//! What a pass adds to a log is part of what it binds.

use crate::project::Project;
use crate::record::{Bound, GateRecord};

/// What is announced of the pass is part of what the pass binds.
pub(super) fn bind_announcement(
    project: &Project,
    record: &mut GateRecord<'_>,
    path: &str,
    lines: &[String],
) {
    for bound in &mut record.bound {
        if let (Bound::Log(log), Some(file)) = (bound, project.present(path))
            && log.path == path
        {
            let mut text = file.text.clone();
            for line in lines {
                log.add(&text, line);
                text.push_str(line);
                text.push('\n');
            }
        }
    }
}
