//! Tagged blocks: where they start and end in a reply.
//!
//! A tag stands first (`<name>`) or last (`</name>`) on its line; case, markdown emphasis around
//! it, attributes and `-` for `_` do not matter. Inside a fence within a block only that block's own
//! end tag is a tag, so that code and examples may contain anything else.

/// One block of a reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Block<'a> {
    tag: &'static str,
    content: &'a str,
    /// Whether its own end tag ended it.
    complete: bool,
}

/// The blocks of a reply.
#[derive(Debug)]
pub(super) struct Blocks<'a>(Vec<Block<'a>>);

/// Brings a reply's line ends and blanks into one form; everything else is left as it is.
pub(super) fn normalise(reply: &str) -> String {
    reply.replace("\r\n", "\n").replace('\r', "\n").replace('\u{a0}', " ").replace('\u{feff}', "")
}

impl<'a> Blocks<'a> {
    /// Finds the blocks of the given tags.
    pub(super) fn find(text: &'a str, tags: &[&'static str]) -> Self {
        let mut blocks = Vec::new();
        let mut open: Option<(&'static str, usize)> = None;
        let mut fence: Option<Fence> = None;
        let mut offset = 0;
        for line in text.split_inclusive('\n') {
            let start = offset;
            offset += line.len();
            let mut rest = start;
            if let (Some((tag, after)), true) = (opening(line, tags), fence.is_none()) {
                if let Some((before, from)) = open.take() {
                    blocks.push(Block {
                        tag: before,
                        content: &text[from..start],
                        complete: false,
                    });
                }
                rest = start + after;
                open = Some((tag, rest));
            }
            let Some((tag, from)) = open else { continue };
            let Some((ended, before)) = closing(&text[rest..offset], tags) else {
                if rest == start {
                    fence = Fence::step(fence, line);
                }
                continue;
            };
            if ended == tag || fence.is_none() {
                let content = &text[from..rest + before];
                blocks.push(Block { tag, content, complete: ended == tag });
                open = None;
                fence = None;
            }
        }
        if let Some((tag, from)) = open {
            blocks.push(Block { tag, content: &text[from..], complete: false });
        }
        Self(blocks)
    }

    /// Whether no tag was found at all.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The last complete block of a tag that says something, else the last one that was not ended.
    pub(super) fn last(&self, tag: &str) -> Option<&'a str> {
        let said =
            || self.0.iter().rev().filter(|block| block.tag == tag && block.says_something());
        said().find(|block| block.complete).or_else(|| said().next()).map(|block| block.content)
    }

    /// All blocks of a tag in order.
    pub(super) fn all(&self, tag: &str) -> impl Iterator<Item = &'a str> {
        self.0
            .iter()
            .filter(move |block| block.tag == tag && block.says_something())
            .map(|block| block.content)
    }
}

impl Block<'_> {
    /// Dots between tags only show the form, as prompts do.
    fn says_something(&self) -> bool {
        self.content.contains(|letter: char| !letter.is_whitespace() && !".…*`~".contains(letter))
    }
}

/// A markdown fence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Fence {
    mark: char,
    length: usize,
    indent: usize,
}

impl Fence {
    /// The fence that a line opens, with its info string.
    pub(super) fn opened(line: &str) -> Option<(Self, &str)> {
        let inner = line.trim_start_matches([' ', '\t']);
        let mark = inner.chars().next().filter(|mark| matches!(mark, '`' | '~'))?;
        let info = inner.trim_start_matches(mark);
        let length = inner.len() - info.len();
        let fits = length >= 3 && !(mark == '`' && info.contains('`'));
        let fence = Self { mark, length, indent: line.len() - inner.len() };
        fits.then_some((fence, info.trim()))
    }

    /// Whether a line closes this fence.
    pub(super) fn closed_by(self, line: &str) -> bool {
        Self::opened(line).is_some_and(|(other, info)| {
            info.is_empty()
                && other.mark == self.mark
                && other.length >= self.length
                && other.indent <= self.indent + 3
        })
    }

    fn step(state: Option<Self>, line: &str) -> Option<Self> {
        match state {
            Some(fence) => (!fence.closed_by(line)).then_some(fence),
            None => Self::opened(line).map(|(fence, _)| fence),
        }
    }
}

const DECORATION: [char; 8] = [' ', '\t', '*', '`', '#', '>', '_', '\n'];

/// A start tag that is first on its line, with the offset behind it.
fn opening(line: &str, tags: &[&'static str]) -> Option<(&'static str, usize)> {
    let inner = line.trim_start_matches(DECORATION);
    let skipped = line.len() - inner.len();
    let body = inner.strip_prefix('<')?;
    let end = body.find('>')?;
    let tag = known(&body[..end], tags)?;
    let after = &body[end + 1..];
    // Emphasis that was opened before the tag may close right behind it.
    let decoration = after.len() - after.trim_start_matches(['*', '`', '_']).len();
    let skip_decoration = after[decoration..].trim().is_empty() || skipped > 0;
    Some((tag, skipped + end + 2 + if skip_decoration { decoration } else { 0 }))
}

/// An end tag that is last on its line, with the offset before it.
fn closing(line: &str, tags: &[&'static str]) -> Option<(&'static str, usize)> {
    let inner = line.trim_end_matches(DECORATION);
    // The last character may have been a decoration of the tag itself.
    let inner = line.get(..=inner.len()).filter(|longer| longer.ends_with('>')).unwrap_or(inner);
    let body = inner.strip_suffix('>')?;
    let start = body.rfind("</")?;
    let tag = known(&body[start + 2..], tags)?;
    let before = line[..start].trim_end_matches(['*', '`']);
    // Decoration alone belongs to the tag, one that ends a sentence or a fence does not.
    let alone = before.trim().is_empty();
    Some((tag, if alone { before.len() } else { start }))
}

/// The known tag that the inside of angle brackets names.
fn known(inside: &str, tags: &[&'static str]) -> Option<&'static str> {
    let inside = inside.trim().trim_end_matches('/');
    let name = inside.split(char::is_whitespace).next()?.to_lowercase().replace('-', "_");
    let name = name.trim_end_matches(|letter: char| letter.is_ascii_digit()).trim_end_matches('_');
    tags.iter().copied().find(|tag| *tag == name)
}

#[cfg(test)]
mod tests {
    use super::{Blocks, normalise};

    const TAGS: &[&str] = &["title", "solution", "generator", "near_miss"];

    fn last(text: &str, tag: &str) -> Option<String> {
        let text = normalise(text);
        Blocks::find(&text, TAGS).last(tag).map(|content| content.trim().to_owned())
    }

    #[test]
    fn the_last_complete_block_wins() {
        let text = "<title>\ndraft\n</title>\nno:\n<title>final</title>\n<title>\n...\n</title>\n";
        assert_eq!(last(text, "title").as_deref(), Some("final"));
    }

    #[test]
    fn decorated_tags_are_tags_and_tags_in_prose_are_not() {
        for text in [
            "**<Title>**\r\nx\r\n**</TITLE>**",
            "\u{feff}`<title>`\nx\n`</title>`",
            "\t<title >\u{a0}x </title>\t",
            "```xml\n<title>\nx\n</title>\n```",
            "the <title> tag holds the title\n<title>x</title>",
            "<title id=\"1\">x</title>",
            "<title>\nx",
            "<title>\nx\n<solution>\ny\n</solution>",
        ] {
            assert_eq!(last(text, "title").as_deref(), Some("x"), "{text:?}");
        }
    }

    #[test]
    fn code_may_contain_tags_of_others() {
        let text = "<solution>\n```\n<title>\na\n</title>\n```\n</solution>";
        assert_eq!(last(text, "title"), None);
        assert_eq!(last(text, "solution").as_deref(), Some("```\n<title>\na\n</title>\n```"));
    }

    #[test]
    fn a_block_inside_another_cuts_it() {
        let text = "<solution>\na\n<generator>\nb\n</generator>\n</solution>";
        assert_eq!(last(text, "solution").as_deref(), Some("a"));
        assert_eq!(last(text, "generator").as_deref(), Some("b"));
    }

    #[test]
    fn numbered_and_hyphenated_tags_are_all_found() {
        let text = normalise("<near-miss>\na\n</near-miss>\n<near_miss_2>\nb\n</near_miss_2>");
        let found = Blocks::find(&text, TAGS);
        assert_eq!(found.all("near_miss").map(str::trim).collect::<Vec<_>>(), ["a", "b"]);
    }
}
