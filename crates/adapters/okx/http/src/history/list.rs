//! Whole lists of orders, fills and the like. A list of which anything is missing is no list: whoever compares it with what it
//! knows would take what is missing for gone.

use std::{collections::HashSet, fmt};

use crate::{
    answer::decode_rows,
    client::OkxHttpClient,
    endpoint::{Endpoint, Paged, Request},
    envelope::Rows,
    error::{ErrorKind, HttpError},
};

/// Pages of one list at most: 200,000 rows. More is a mistake, or a server that does not end.
const MAX_PAGES: u32 = 2_000;

/// How far back a list is, page by page. It neither sends nor waits.
#[derive(Debug)]
pub struct ListPages<E: Paged> {
    endpoint: E,
    rows: Vec<E::Row>,
    seen: HashSet<String>,
    cursor: Option<String>,
    pages: u32,
    most: usize,
    is_done: bool,
}

impl<E: Paged> ListPages<E> {
    /// The whole list.
    #[must_use]
    pub fn new(endpoint: &E) -> Self {
        Self::newest(endpoint, usize::MAX)
    }

    /// The newest rows of a list, at most so many.
    #[must_use]
    pub fn newest(endpoint: &E, most: usize) -> Self {
        Self {
            endpoint: endpoint.page(),
            rows: Vec::new(),
            seen: HashSet::new(),
            cursor: None,
            pages: 0,
            most,
            is_done: most == 0,
        }
    }

    /// The page to ask for next; `None` when there is no more.
    #[must_use]
    pub fn next_page(&self) -> Option<E> {
        if self.is_done {
            return None;
        }
        Some(match &self.cursor {
            Some(id) => self.endpoint.older_than(id),
            None => self.endpoint.clone(),
        })
    }

    /// The request for the next page.
    #[must_use]
    pub fn next_request(&self) -> Option<Request> {
        self.next_page().map(|page| page.to_request())
    }

    /// Takes the answer to the page asked for last.
    ///
    /// # Errors
    /// A refusal, an answer that cannot be read or a row of it, and pages that lead nowhere.
    pub fn take(&mut self, body: &[u8]) -> Result<(), HttpError> {
        self.take_rows(decode_rows::<E>(body)?.rows)
    }

    /// Takes the rows of the page asked for last.
    ///
    /// # Errors
    /// A row that cannot be read, and pages that lead nowhere.
    pub fn take_rows(&mut self, rows: Rows<E::Row>) -> Result<(), HttpError> {
        if let Some(bad) = rows.skipped.first() {
            return Err(decode_error::<E>(bad));
        }
        self.pages += 1;
        let is_last = rows.items.len() < self.endpoint.limit() as usize;
        let mut oldest: Option<String> = None;
        for (index, row) in rows.items.into_iter().enumerate() {
            let id = E::id(&row).filter(|id| is_number(id));
            match id {
                Some(id) if oldest.as_deref().is_none_or(|oldest| is_older(&id, oldest)) => {
                    oldest = Some(id.into_owned());
                }
                None if !is_last => {
                    return Err(decode_error::<E>(format_args!("data[{index}]: no id, by which pages go")));
                }
                _ => {}
            }
            if E::key(&row).is_none_or(|key| self.seen.insert(key.into_owned())) {
                self.rows.push(row);
            }
        }
        self.is_done = is_last || self.rows.len() >= self.most;
        if let (Some(oldest), false) = (oldest, self.is_done) {
            if self.cursor.as_deref().is_some_and(|before| !is_older(&oldest, before)) {
                return Err(decode_error::<E>(format_args!(
                    "the page after {oldest} came again: the exchange does not page as documented"
                )));
            }
            if self.pages >= MAX_PAGES {
                let text = format_args!("more than {MAX_PAGES} pages; ask for less");
                return Err(HttpError::sent(ErrorKind::Params, text).at(E::SPEC));
            }
            self.cursor = Some(oldest);
        }
        Ok(())
    }

    /// Hands over the rows so far: of a whole list, page by page. Those that come again later are still left out.
    pub fn drain(&mut self) -> Vec<E::Row> {
        std::mem::take(&mut self.rows)
    }

    /// How many rows there are so far.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there are none so far.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The rows, newest first.
    #[must_use]
    pub fn finish(mut self) -> Vec<E::Row> {
        self.rows.truncate(self.most);
        self.rows
    }
}

fn decode_error<E: Endpoint>(what: impl fmt::Display) -> HttpError {
    HttpError::sent(ErrorKind::Decode, what).at(E::SPEC)
}

fn is_number(id: &str) -> bool {
    (1..=32).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_digit())
}

/// Ids are numbers as text, of any length.
fn is_older(id: &str, than: &str) -> bool {
    (id.len(), id) < (than.len(), than)
}

impl OkxHttpClient {
    /// The whole list, newest first, or none of it.
    ///
    /// # Errors
    /// What went wrong with a page or a row.
    pub async fn list<E: Paged>(&self, endpoint: &E) -> Result<Vec<E::Row>, HttpError> {
        self.list_newest(endpoint, usize::MAX).await
    }

    /// The newest rows of a list, at most so many.
    ///
    /// # Errors
    /// What went wrong with a page or a row.
    pub async fn list_newest<E: Paged>(&self, endpoint: &E, most: usize) -> Result<Vec<E::Row>, HttpError> {
        let mut pages = ListPages::newest(endpoint, most);
        while let Some(page) = pages.next_page() {
            pages.take_rows(self.get(&page).await?)?;
        }
        Ok(pages.finish())
    }

    /// The whole list, each page as soon as it is there. What was handed over is a list only if the end is reached.
    ///
    /// # Errors
    /// What went wrong with any page or row.
    pub async fn list_paged<E: Paged>(
        &self,
        endpoint: &E,
        on_page: &mut (dyn FnMut(Vec<E::Row>) + Send),
    ) -> Result<(), HttpError> {
        let mut pages = ListPages::new(endpoint);
        while let Some(page) = pages.next_page() {
            pages.take_rows(self.get(&page).await?)?;
            on_page(pages.drain());
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
